"""The file `postmaster.pid`, which a crash leaves behind and which then keeps PostgreSQL from starting."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from prm.operations import waiting
from prm.operations.processes import command_of


def make_way(data: Path) -> None:
    """Stop a server that still uses this folder; remove the file of one that is gone.

    PostgreSQL itself only asks whether the number is in use, and in a restarted container another process has it.
    """
    file = data / "postmaster.pid"
    pid = _noted(file)
    if pid and _serves(pid, data):
        os.kill(pid, signal.SIGINT)
        waiting.wait_for(lambda: not _serves(pid, data), what="The end of an earlier PostgreSQL", seconds=60)
    elif file.exists():
        file.unlink()


def says_ready(data: Path) -> bool:
    """Read the state that PostgreSQL writes for its own `pg_ctl`."""
    with suppress(FileNotFoundError):
        return "ready" in (data / "postmaster.pid").read_text().split()
    return False


def _noted(file: Path) -> int:
    with suppress(FileNotFoundError, IndexError, ValueError):
        return int(file.read_text().splitlines()[0])
    return 0


def _serves(pid: int, data: Path) -> bool:
    return f"-D {data} " in command_of(pid)
