"""The account servers run under when the portal is started by root, which PostgreSQL refuses to serve."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prm.operations.errors import CannotRun

NAMES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def executes(self, program: Path) -> bool:
        return self._is_allowed("test", "-r", str(program), "-a", "-x", str(program))

    def passes(self, folder: Path) -> bool:
        return self._is_allowed("test", "-x", str(folder))

    def owns(self, path: Path) -> None:
        """Give it an existing folder or file."""
        shutil.chown(path, self.uid, self.gid)

    def _is_allowed(self, *question: str) -> bool:
        """Ask the system, as that account: modes, links and access lists all count."""
        return run(list(question), self, os.environ).returncode == 0


def for_servers(existing: Path | None = None) -> Account | None:
    """Return the account to drop to, or None when we are an ordinary person already.

    Data that exists already stays with its owner. Raises `CannotRun` on a machine without any harmless account.
    """
    if os.geteuid() != 0:
        return None
    owner = existing.stat().st_uid if existing and existing.exists() else 0
    for key in [owner] if owner else NAMES:
        entry = _look_up(key)
        if entry:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise CannotRun("PostgreSQL does not run as root and there is no account 'postgres' or 'nobody' to run it as.")


def _look_up(key: str | int) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwuid(key) if isinstance(key, int) else pwd.getpwnam(key)
    return None


def run(
    command: list[str], account: Account | None, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run it to its end under this account, in a folder that every account may enter."""
    return subprocess.run(
        command,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
