"""Time as a vendor counts it: its days, its opening hours and its business days, on the clock of its zone.

Instants are aware and come back in UTC, because Python subtracts two instants of one zone by their clock times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MINUTES = 24 * 60
HORIZON = 20 * 366 * DAY  # no promise runs longer; whatever is not open enough until then never will be


class NeverOpens(Exception):
    """A calendar that is not open, or not for as long as was asked."""


@dataclass(frozen=True, order=True)
class Span:
    """From a minute of the day until another, which no longer counts; a whole day is from 0 until 1440."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES:
            raise ValueError(f"{self.start} to {self.end} is no part of a day.")


Spans = tuple[Span, ...]
WHOLE_DAY = (Span(0, MINUTES),)


@dataclass(frozen=True)
class SpecialDay:
    """A day with hours of its own instead of those of its weekday: none on a holiday, some on a half day."""

    spans: Spans = ()
    name: str = ""


@dataclass(frozen=True)
class BusinessCalendar:
    """When somebody works: hours for each weekday from Monday on, and days that differ.

    Hours are those that a clock on the wall shows. An hour that is skipped in spring is not open; one that is told
    twice in autumn is open twice.
    """

    zone: str
    week: tuple[Spans, ...]
    days: Mapping[date, SpecialDay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        for spans in [*self.week, *(special.spans for special in self.days.values())]:
            if any(later.start < earlier.end for earlier, later in pairwise(spans)):
                raise ValueError("The hours of a day follow one another.")

    def spans_on(self, day: date) -> Spans:
        """Return the hours of a day."""
        special = self.days.get(day)
        return self.week[day.weekday()] if special is None else special.spans

    def opens_on(self, day: date) -> bool:
        """Say whether a day is a business day: it has hours, and the zone did not skip it."""
        return bool(self.spans_on(day)) and _exists(self.zone, day)

    # Opening hours

    def openings(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield when it is open between two instants, in order; one opening may begin where another ends."""
        day = since.astimezone(UTC).date()
        while _midnight(day) < until:
            for start, end, offset in _stretches(self.zone, day):
                for opens, closes in self._open_within(start, end, offset):
                    if max(opens, since) < min(closes, until):
                        yield max(opens, since).astimezone(UTC), min(closes, until).astimezone(UTC)
            day += DAY

    def _open_within(self, start: datetime, end: datetime, offset: timedelta) -> Iterator[tuple[datetime, datetime]]:
        day = (start + offset).date()
        while (midnight := _midnight(day) - offset) < end:
            for span in self.spans_on(day):
                opens, closes = (midnight + timedelta(minutes=minute) for minute in (span.start, span.end))
                yield max(opens, start), min(closes, end)
            day += DAY

    def is_open(self, at: datetime) -> bool:
        """Say whether it is open at an instant; it no longer is at the instant it closes."""
        return any(self.openings(at, at + timedelta(microseconds=1)))

    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant that is not before `at`; raises `NeverOpens`."""
        for opens, _closes in self.openings(at, at + HORIZON):
            return opens
        raise NeverOpens(self.zone)

    def add_hours(self, at: datetime, amount: timedelta) -> datetime:
        """Return the first instant until which it was open for so long; raises `NeverOpens`.

        Eight hours from an opening at nine until five end at five, not at nine on the next day.
        """
        left = amount
        if left <= timedelta():
            return at.astimezone(UTC)
        for opens, closes in self.openings(at, at + HORIZON):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise NeverOpens(self.zone)

    def hours_between(self, since: datetime, until: datetime) -> timedelta:
        """Return for how long it was open between two instants; zero if the second is not after the first."""
        return sum((closes - opens for opens, closes in self.openings(since, until)), timedelta())

    def hours_on(self, day: date) -> timedelta:
        """Return for how long it is open on a day, which is not what its clock says when that changes."""
        return self.hours_between(*(_instant(self.zone, day + number * DAY, timedelta()) for number in (0, 1)))

    # Business days

    def add_days(self, at: datetime, amount: timedelta) -> datetime:
        """Return the same time of day, so many business days later, on the vendor's clock; raises `NeverOpens`.

        A start on a day that is closed counts as the first instant of the next business day: a promise of one day
        made at the weekend ends on Tuesday at midnight. A business day is a whole one from midnight to midnight,
        however few its hours and whatever the clocks do: at what is skipped in spring the day goes on behind it, and
        what is told twice in autumn counts as over the second time.
        """
        day, clock = self._on_the_wall(at)
        if not self.opens_on(day):
            day, clock = self._business_day_after(day), timedelta()
        clock += amount
        while clock >= DAY:
            day, clock = self._business_day_after(day), clock - DAY
        return _instant(self.zone, day, clock)

    def days_between(self, since: datetime, until: datetime) -> timedelta:
        """Return how many business days lie between two instants, with the part of a day; zero as above."""
        if until <= since:
            return timedelta()
        (first, start), (last, end) = self._on_the_wall(since), self._on_the_wall(until)
        whole = sum(self.opens_on(first + number * DAY) for number in range((last - first).days))
        before = start if self.opens_on(first) else timedelta()
        return whole * DAY - before + (end if self.opens_on(last) else timedelta())

    def closed_days(self, since: datetime, until: datetime) -> list[tuple[date, str]]:
        """Return the days between two instants that do not count, with the name of the holiday if it is one."""
        first, last = self._on_the_wall(since)[0], self._on_the_wall(until)[0]
        days = (first + number * DAY for number in range((last - first).days + 1))
        return [(day, self.days[day].name if day in self.days else "") for day in days if not self.opens_on(day)]

    def _business_day_after(self, day: date) -> date:
        for number in range(1, HORIZON.days):
            if self.opens_on(day + number * DAY):
                return day + number * DAY
        raise NeverOpens(self.zone)

    def _on_the_wall(self, at: datetime) -> tuple[date, timedelta]:
        """Return the day and the time since its midnight that the clock shows, never earlier than it showed before."""
        zone = ZoneInfo(self.zone)
        local = at.astimezone(zone)
        shown = local.replace(tzinfo=None)
        if local.fold:
            overlap = local.replace(fold=0).utcoffset() - local.utcoffset()  # type: ignore[operator]
            change, before = _change(zone, at.astimezone(UTC) - overlap, at.astimezone(UTC))
            shown = max(shown, (change + before).replace(tzinfo=None))
        return shown.date(), shown - datetime.combine(shown.date(), time())


def weekdays(zone: str) -> BusinessCalendar:
    """Return the calendar of a vendor that has made none: Monday to Friday, around the clock."""
    return BusinessCalendar(zone, (WHOLE_DAY,) * 5 + ((),) * 2)


def half_of(spans: Spans) -> Spans:
    """Return the first half of a day's opening time."""
    left, kept = sum(span.end - span.start for span in spans) // 2, []
    for span in spans:
        if left > 0:
            kept.append(Span(span.start, min(span.end, span.start + left)))
            left -= span.end - span.start
    return tuple(kept)


def day_of(at: datetime, zone: str) -> date:
    """Return the vendor's day at an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _exists(zone: str, day: date) -> bool:
    """Say whether a day has a noon; zones that moved across the date line left one out."""
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day


def _instant(zone: str, day: date, clock: timedelta) -> datetime:
    """Return when the clock first shows a time, or where it goes on if it skips it."""
    wanted = (datetime.combine(day, time()) + clock).replace(tzinfo=ZoneInfo(zone))
    early, late = sorted(wanted.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(wanted.tzinfo).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        return _change(ZoneInfo(zone), early, late)[0]
    return early


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> tuple[datetime, timedelta]:
    """Return the instant at which the zone's offset changes between two, and the offset until then."""
    before, after = before.replace(microsecond=0), after.replace(microsecond=0) + bool(after.microsecond) * SECOND
    offset = before.astimezone(zone).utcoffset()
    assert offset is not None
    while after - before > SECOND:
        middle = before + (after - before) // (2 * SECOND) * SECOND
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return after, offset


@lru_cache(maxsize=8192)
def _stretches(name: str, day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the parts of a day of UTC in which a zone keeps its offset: one, or two where its clocks change."""
    zone, found = ZoneInfo(name), []
    start = _midnight(day)
    for earlier, later in pairwise(start + number * DAY / 4 for number in range(5)):
        offset, next_offset = (point.astimezone(zone).utcoffset() for point in (earlier, later))
        assert offset is not None
        if offset != next_offset:
            change, _before = _change(zone, earlier, later)
            found.append((start, change, offset))
            start = change
    last = (_midnight(day) + DAY - timedelta(microseconds=1)).astimezone(zone).utcoffset()
    assert last is not None
    found.append((start, _midnight(day) + DAY, last))
    return tuple(part for part in found if part[0] < part[1])
