"""A PostgreSQL server of our own: loopback only, one folder, one password, gone when we are gone."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from prm.operations import ports, postgres_binaries, postgres_home, postmaster, unprivileged
from prm.operations.errors import CannotRun
from prm.operations.places import write_private
from prm.operations.postgres_binaries import PostgresBinaries
from prm.operations.processes import Program
from prm.operations.unprivileged import Account

SUPERUSER = "postgres"
OPTIONS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",  # the path of a socket may have 107 bytes, a project's folder may have more
    "max_connections": "200",
    "jit": "off",  # compiling costs more than our short queries
    "random_page_cost": "1.1",
    "logging_collector": "off",
    "log_line_prefix": "%q%u@%d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass
class PrivatePostgres:
    """This is one cluster in one folder: `data`, `password` and `port`."""

    home: Path
    binaries: PostgresBinaries
    account: Account | None
    options: Mapping[str, str] = field(default_factory=dict)
    port: int = 0

    @classmethod
    def at(cls, place: Path, options: Mapping[str, str] | None = None) -> "PrivatePostgres":
        """Return the cluster of this folder, made if there is none.

        Raises `CannotRun` when no fitting PostgreSQL is here or `initdb` fails.
        """
        account = unprivileged.for_servers(place / "data")
        home = postgres_home.settle(place, account)
        binaries = postgres_binaries.find(recorded_major(home))
        binaries = postgres_home.within_reach(binaries, home, account)
        cluster = cls(home, binaries, account, options or {})
        if not cluster.data.exists():
            cluster.create()
        return cluster

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def password(self) -> str:
        return (self.home / "password").read_text().strip()

    @property
    def admin_url(self) -> str:
        return address(SUPERUSER, self.password, self.port)

    def create(self) -> None:
        """Run `initdb` beside its final place and move it there: a half-made cluster is never taken for one."""
        draft = self.home / "data.making"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        word = self.home / "password.making"
        write_private(self.home / "password", secrets.token_urlsafe(32))
        write_private(word, self.password)
        if self.account:
            self.account.owns(draft)
            self.account.owns(word)
        self._initdb(draft, word)
        word.unlink()
        draft.rename(self.data)

    def make_ready(self) -> int:
        """Clear away an earlier server and return the port to use.

        It takes the port of last time if it is still free, so that open shells keep their connection settings."""
        record = self.home / "port"
        postmaster.make_way(self.data)
        last = int(record.read_text()) if record.exists() else 0
        self.port = last if last and ports.is_free(last) else ports.any_free()
        write_private(record, str(self.port))
        return self.port

    def program(self) -> Program:
        """Return how to start it. SIGINT is PostgreSQL's word for: end sessions, write everything, stop."""
        settings = OPTIONS | dict(self.options) | {"port": str(self.port)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[self.binaries["postgres"], "-D", str(self.data), *flags],
            environment=environment(),
            account=self.account,
            stop_signal=signal.SIGINT,
            grace=30,
        )

    def answers(self) -> bool:
        if not postmaster.says_ready(self.data):
            return False  # asking too early would fill the log with refusals
        try:
            psycopg2.connect(self.admin_url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _initdb(self, data: Path, word: Path) -> None:
        command = [self.binaries["initdb"], "-D", str(data), "-U", SUPERUSER, f"--pwfile={word}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", *locale_options(self.binaries.major)]
        done = unprivileged.run(command, self.account, environment())
        if done.returncode:
            raise CannotRun(f"initdb failed:\n{done.stderr.strip() or done.stdout.strip()}")


def address(role: str, password: str, port: int) -> str:
    return f"postgres://{role}:{password}@{ports.LOOPBACK}:{port}/postgres"


def recorded_major(home: Path) -> int | None:
    version = home / "data" / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def environment() -> dict[str, str]:
    """Nothing of the person's own PGHOST or language may leak into the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def locale_options(major: int) -> list[str]:
    """Sort by code point everywhere alike; know letters of every script, which trigrams depend on."""
    letters = utf8_locale()
    options = ["--lc-collate=C", f"--lc-ctype={letters}", "--lc-messages=C"]
    options += [f"--lc-{kind}=C" for kind in ("monetary", "numeric", "time")]
    if major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def utf8_locale() -> str:
    answer = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    known = {name.lower().replace("utf-8", "utf8"): name for name in answer.stdout.split()}
    for wanted in ("c.utf8", "en_us.utf8"):
        if wanted in known:
            return known[wanted]
    return next((name for short, name in known.items() if short.endswith(".utf8")), "C")
