"""What this machine and this installation have, what is missing, and the command that mends it."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from prm.operations import chromium, health, installation, packages, postgres_binaries, postgres_home, valkey
from prm.operations import pango as pangos
from prm.operations.errors import CannotRun
from prm.operations.places import var
from prm.operations.postgres import recorded_major

ENOUGH_DISK = 2_000_000_000
LATE = 300.0  # seconds; deliveries are due at once, so a queue this old means that no worker runs


class State(Enum):
    GOOD = "ok"
    OPTIONAL = "optional"
    BAD = "missing"


@dataclass(frozen=True)
class Finding:
    name: str
    state: State
    words: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Return all findings. The database is asked only if it is there at all."""
    findings = [check() for check in MACHINE]
    state = health.readiness()
    findings += [_of_database(name, answer) for name, answer in state.checks.items()]
    findings += [_of_abandoned(home) for home in postgres_home.abandoned()]
    if state.is_ready:
        findings.append(outbox(state.oldest_due_delivery_seconds))
    return findings


def python() -> Finding:
    version = sys.version.split()[0]
    is_new_enough = sys.version_info >= (3, 11)
    return Finding(
        "Python", _needed(is_new_enough), version, "" if is_new_enough else packages.install_command("python")
    )


def postgres() -> Finding:
    if not installation.has_own_database():
        return Finding("PostgreSQL", State.GOOD, f"elsewhere, at {_place(os.environ['DATABASE_URL'])}")
    try:
        found = postgres_binaries.find(recorded_major(var() / "pg"))
    except CannotRun as reason:
        return Finding("PostgreSQL", State.BAD, str(reason), packages.install_command("postgres"))
    return Finding("PostgreSQL", State.GOOD, f"{found.major}, {found.folder}")


def broker() -> Finding:
    url = os.environ.get("REDIS_URL", "")
    if url and not installation.has_own_broker():
        is_there = _listens(url)
        return Finding("Valkey", _needed(is_there), f"{'' if is_there else 'no answer from '}{_place(url)}")
    found = valkey.find()
    if found is None:
        words = "not here: the worker does background work itself"
        return Finding("Valkey", State.OPTIONAL, words, packages.install_command("valkey"))
    return Finding("Valkey", State.GOOD, str(found))


def browser() -> Finding:
    found = chromium.find()
    return _optional("Chromium", found, "not here: browser tests are skipped", "chromium")


def pango() -> Finding:
    words = "not here: documents print from the browser, their PDF waits"
    return _optional("Pango", pangos.find(), words, "pango")


def disk() -> Finding:
    place = next(folder for folder in (var(), *var().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    remedy = "" if free > ENOUGH_DISK else f"free some space below {place}, or set PRM_VAR to a larger disk"
    return Finding("Disk", _needed(free > ENOUGH_DISK), f"{free / 1e9:.0f} GB free", remedy)


def outbox(oldest: float | None) -> Finding:
    if oldest is None or oldest < LATE:
        return Finding("Outbox", State.GOOD, f"oldest due delivery waits {oldest or 0:.0f} s")
    words = f"the oldest due delivery has been waiting for {oldest / 60:.0f} minutes"
    return Finding("Outbox", State.BAD, words, "python manage.py worker")


MACHINE: tuple[Callable[[], Finding], ...] = (python, postgres, broker, browser, pango, disk)


def _of_database(name: str, answer: str) -> Finding:
    if answer == health.OK:
        return Finding(f"Database: {name}", State.GOOD, answer)
    words, _, command = answer.partition(" Run: ")
    remedy = command or ("python manage.py up" if name == "database" else "python manage.py prepare_database")
    return Finding(f"Database: {name}", State.BAD, words, remedy)


def _of_abandoned(home: Path) -> Finding:
    return Finding("Abandoned data", State.OPTIONAL, f"{home} is of an installation that is gone", f"rm -r '{home}'")


def _optional(name: str, found: str | Path | None, otherwise: str, package: str) -> Finding:
    if found:
        return Finding(name, State.GOOD, str(found))
    return Finding(name, State.OPTIONAL, otherwise, packages.install_command(package))


def _needed(is_there: bool) -> State:
    return State.GOOD if is_there else State.BAD


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or ''}{parts.path}"


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 6379), timeout=3).close()
    except OSError:
        return False
    return True
