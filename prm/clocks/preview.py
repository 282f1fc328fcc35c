"""A calendar as people look at it: its week in few lines, and the weeks ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from prm.clocks.hours import DAY, MINUTES, BusinessCalendar, Spans

WEEKS = 8


@dataclass(frozen=True)
class DayAhead:
    """A day with the hours that it is open, as the clocks of its zone run on it."""

    day: date
    minutes: int
    name: str
    is_special: bool
    is_today: bool

    @property
    def hours(self) -> Decimal:
        return _hours(self.minutes)


@dataclass(frozen=True)
class WeekAhead:
    """A week from Monday on."""

    days: tuple[DayAhead, ...]

    @property
    def hours(self) -> Decimal:
        return _hours(sum(day.minutes for day in self.days))


def weeks_ahead(calendar: BusinessCalendar, today: date, weeks: int = WEEKS) -> list[WeekAhead]:
    """Return this week and those that follow."""
    monday = today - timedelta(days=today.weekday())
    days = [_ahead(calendar, monday + number * DAY, today) for number in range(7 * weeks)]
    return [WeekAhead(tuple(days[at : at + 7])) for at in range(0, len(days), 7)]


def _ahead(calendar: BusinessCalendar, day: date, today: date) -> DayAhead:
    special = calendar.days.get(day)
    minutes = calendar.hours_on(day) // timedelta(minutes=1)
    return DayAhead(day, minutes, special.name if special else "", special is not None, day == today)


def _hours(minutes: int) -> Decimal:
    """Return minutes as hours with as many decimals as they need, up to two."""
    exact = Decimal(minutes) / 60
    return exact if exact == round(exact, 2) else round(exact, 2)


def alike(week: Iterable[Spans]) -> list[tuple[int, int, Spans]]:
    """Return the weekdays in rows of those that follow one another with the same hours: first, last, hours."""
    rows: list[tuple[int, int, Spans]] = []
    for weekday, spans in enumerate(week):
        if rows and rows[-1][2] == spans:
            rows[-1] = (rows[-1][0], weekday, spans)
        else:
            rows.append((weekday, weekday, spans))
    return rows


def is_all_day(spans: Spans) -> bool:
    """Say whether a day has no hour that is closed."""
    return sum(span.end - span.start for span in spans) == MINUTES
