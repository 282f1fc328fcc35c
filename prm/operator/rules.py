"""What is well and what is not, and what to do about it. Pure: facts in, lines out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SLOW = timedelta(minutes=1)
STUCK = timedelta(minutes=10)
UNSEALED = timedelta(minutes=5)
SCHEDULER = timedelta(seconds=30)
DISK = 0.1


@dataclass(frozen=True)
class State:
    """What was found out about the installation; `None` means that it could not be found out."""

    now: datetime
    failed_check: str = ""
    oldest_due: timedelta | None = timedelta()
    oldest_unsealed: timedelta | None = timedelta()
    dead: int = 0
    scheduler_at: datetime | None = None
    has_broker: bool = False
    broker_answers: bool = True
    sends_mail: bool = False
    has_scanner: bool = False
    scanner_answers: bool = True
    free_disk: float | None = 1.0
    is_debug: bool = False
    is_https: bool = True


@dataclass(frozen=True)
class Line:
    """One thing looked at: its tone and a code, from which the template makes words and advice."""

    tone: str
    code: str


def lines(state: State) -> list[Line]:
    """Return a line for everything looked at; the page sorts the bad ones first."""
    return [
        Line("bad", "not_ready") if state.failed_check else Line("ok", "ready"),
        _outbox(state),
        Line("bad", "dead") if state.dead else Line("ok", "no_dead"),
        _scheduler(state),
        _sealing(state),
        _broker(state),
        Line("ok", "mail") if state.sends_mail else Line("info", "mailbox"),
        _scanner(state),
        _disk(state),
        *([Line("bad", "debug")] if state.is_debug else []),
        *([Line("warn", "no_https")] if not state.is_https else []),
    ]


def _outbox(state: State) -> Line:
    if state.oldest_due is None:
        return Line("bad", "no_system_role")
    if state.oldest_due > STUCK:
        return Line("bad", "stuck")
    return Line("warn", "slow") if state.oldest_due > SLOW else Line("ok", "prompt")


def _scheduler(state: State) -> Line:
    is_late = state.scheduler_at is None or state.now - state.scheduler_at > SCHEDULER
    return Line("bad", "no_scheduler") if is_late else Line("ok", "scheduler")


def _sealing(state: State) -> Line:
    if state.oldest_unsealed is not None and state.oldest_unsealed > UNSEALED:
        return Line("bad", "unsealed")
    return Line("ok", "sealed")


def _broker(state: State) -> Line:
    if not state.has_broker:
        return Line("info", "inline")
    return Line("ok", "broker") if state.broker_answers else Line("bad", "no_broker")


def _scanner(state: State) -> Line:
    if not state.has_scanner:
        return Line("info", "unscanned")
    return Line("ok", "scanner") if state.scanner_answers else Line("bad", "no_scanner")


def _disk(state: State) -> Line:
    if state.free_disk is None:
        return Line("ok", "remote_files")
    return Line("bad", "disk_full") if state.free_disk < DISK else Line("ok", "disk")
