"""The clock of one promise: when it is due, when it warns, and what became of it, from what happened to its record.

Nothing is kept but marks, so that the same marks read under another calendar or promise say what those would change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from prm.clocks.hours import DAY, BusinessCalendar


class Unit(StrEnum):
    """What a promise counts."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Promise:
    """Within how many business hours or days something happens, and at which parts of it people are told.

    `deemed` is the decision that stands if nobody made one in time; empty is none. `calendar` is the id of the one that
    it counts by; empty is the default one.
    """

    amount: int
    unit: Unit = Unit.DAYS
    warn_percent: int = 75
    escalate_percent: int = 100
    deemed: str = ""
    calendar: str = ""

    @property
    def whole(self) -> timedelta:
        """Return all of the promised time, a business day as one of midnight to midnight."""
        return self.amount * (DAY if self.unit == Unit.DAYS else timedelta(hours=1))

    def part(self, percent: int) -> timedelta:
        """Return a part of the promised time."""
        return self.whole * percent // 100

    def add(self, calendar: BusinessCalendar, at: datetime, amount: timedelta) -> datetime:
        """Return when so much of its time is over."""
        return calendar.add_days(at, amount) if self.unit == Unit.DAYS else calendar.add_hours(at, amount)

    def between(self, calendar: BusinessCalendar, since: datetime, until: datetime) -> timedelta:
        """Return how much of its time passed between two instants."""
        count = calendar.days_between if self.unit == Unit.DAYS else calendar.hours_between
        return count(since, until)


class Happening(StrEnum):
    """What moves a clock. The last two end it: a decision, or that none is needed any more."""

    STARTED = "started"
    PAUSED = "paused"  # the other side has to do something first
    RESUMED = "resumed"
    DECIDED = "decided"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Mark:
    """Something that happened to a clock's record."""

    at: datetime
    happening: Happening


class State(StrEnum):
    """How a promise stands. It is missed as soon as it is due, decided or not."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Stretch:
    """A time in which a clock ran, or stood and waited for the other side; the last one may have no end yet."""

    since: datetime
    until: datetime | None
    runs: bool
    used: timedelta  # of the promised time


@dataclass(frozen=True)
class Reading:
    """What a clock says at an instant, and all that it follows from.

    `due`, `warn_at` and `escalate_at` are unknown while it stands before them. `closed` are the days until it is due
    that did not count, with the names of holidays.
    """

    promise: Promise
    state: State
    stretches: tuple[Stretch, ...]
    used: timedelta
    due: datetime | None
    warn_at: datetime | None
    escalate_at: datetime | None
    deemed: str
    closed: tuple[tuple[date, str], ...]

    @property
    def left(self) -> timedelta:
        """Return what is left of the promised time."""
        return max(self.promise.whole - self.used, timedelta())


@dataclass(frozen=True)
class Moved:
    """What another calendar or promise changes: until when, and which days no longer count or do so now."""

    was: datetime | None
    now: datetime | None
    closed: tuple[tuple[date, str], ...]
    opened: tuple[tuple[date, str], ...]


_FOLLOWS = {
    None: {Happening.STARTED},
    Happening.STARTED: {Happening.PAUSED, Happening.DECIDED, Happening.STOPPED},
    Happening.RESUMED: {Happening.PAUSED, Happening.DECIDED, Happening.STOPPED},
    Happening.PAUSED: {Happening.RESUMED, Happening.DECIDED, Happening.STOPPED},
}
_RUNNING = {Happening.STARTED, Happening.RESUMED}


def read(promise: Promise, calendar: BusinessCalendar, marks: Iterable[Mark], *, now: datetime) -> Reading:
    """Say how a promise stands. Raises `ValueError` for marks that cannot follow one another, or `NeverOpens`."""
    history = _in_order(marks)
    stretches = tuple(_stretches(promise, calendar, history, now))
    used = sum((stretch.used for stretch in stretches), timedelta())
    due = _reached(promise, calendar, stretches, promise.whole)
    last = history[-1]
    is_over = due is not None and due < (last.at if _ends(last) else now)
    return Reading(
        promise=promise,
        state=_state(last, is_missed=is_over),
        stretches=stretches,
        used=used,
        due=due,
        warn_at=_reached(promise, calendar, stretches, promise.part(promise.warn_percent)),
        escalate_at=_reached(promise, calendar, stretches, promise.part(promise.escalate_percent)),
        deemed=promise.deemed if is_over else "",
        closed=tuple(_closed(calendar, stretches, due)),
    )


def reached(promise: Promise, calendar: BusinessCalendar, due: datetime, percent: int, *, now: datetime) -> datetime:
    """Return when so much of what is promised until then is over, if the clock runs on from now; at once if it is.

    What the clock stood is in the instant until which it is promised.
    """
    ahead = promise.between(calendar, now, due) if due > now else timedelta()
    left = promise.whole - promise.part(percent)
    if not left:
        return due
    return promise.add(calendar, now, ahead - left) if ahead > left else min(now, due)


def moved(before: Reading, after: Reading) -> Moved | None:
    """Say what the second reading of the same marks changes; nothing if it is due at the same time."""
    if before.due == after.due:
        return None
    return Moved(
        was=before.due,
        now=after.due,
        closed=tuple(day for day in after.closed if day not in before.closed),
        opened=tuple(day for day in before.closed if day not in after.closed),
    )


def _in_order(marks: Iterable[Mark]) -> list[Mark]:
    history = sorted(marks, key=lambda mark: mark.at)
    for earlier, later in pairwise([None, *history]):
        assert later is not None
        if later.happening not in _FOLLOWS.get(earlier.happening if earlier else None, ()):
            raise ValueError(f"A clock was {later.happening} after {earlier.happening if earlier else 'nothing'}.")
    if not history:
        raise ValueError("A clock starts before it is read.")
    return history


def _ends(mark: Mark) -> bool:
    return mark.happening in (Happening.DECIDED, Happening.STOPPED)


def _stretches(promise: Promise, calendar: BusinessCalendar, history: list[Mark], now: datetime) -> Iterable[Stretch]:
    for mark, following in pairwise([*history, None]):
        assert mark is not None
        if _ends(mark):
            return
        until = following.at if following else None
        runs = mark.happening in _RUNNING
        used = promise.between(calendar, mark.at, until or max(now, mark.at)) if runs else timedelta()
        yield Stretch(mark.at, until, runs, used)


def _reached(
    promise: Promise, calendar: BusinessCalendar, stretches: tuple[Stretch, ...], wanted: timedelta
) -> datetime | None:
    """Return when so much of the promised time is over, as if the clock ran on from where it is or was stopped."""
    left = wanted
    for stretch in stretches:
        if not stretch.runs:
            continue
        at = promise.add(calendar, stretch.since, left)
        is_last = stretch is stretches[-1]
        if is_last or (stretch.until is not None and at <= stretch.until):
            return at
        left -= stretch.used
    return None


def _closed(
    calendar: BusinessCalendar, stretches: tuple[Stretch, ...], due: datetime | None
) -> Iterable[tuple[date, str]]:
    seen: dict[date, str] = {}
    for stretch in stretches:
        ends = [until for until in (stretch.until, due) if until is not None]
        if stretch.runs and ends and stretch.since <= min(ends):
            seen.update(calendar.closed_days(stretch.since, min(ends)))
    return seen.items()


def _state(last: Mark, *, is_missed: bool) -> State:
    if is_missed:
        return State.MISSED
    match last.happening:
        case Happening.DECIDED:
            return State.MET
        case Happening.STOPPED:
            return State.STOPPED
        case Happening.PAUSED:
            return State.PAUSED
        case _:
            return State.RUNNING
