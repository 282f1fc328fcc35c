"""Days, spans and windows on the vendor's calendar."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

DAY = timedelta(days=1)


class Calendar(Protocol):
    """Whoever knows the days on which the vendor works."""

    def opens_on(self, day: date) -> bool: ...


class Weekdays:
    """Monday to Friday, and no holidays."""

    def opens_on(self, day: date) -> bool:
        return day.weekday() < 5


WEEKDAYS = Weekdays()


class Unit(StrEnum):
    """In what a duration is counted."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    MONTHS = "months"


@dataclass(frozen=True)
class Duration:
    """So many days, business days or months; where a day is asked for, that far from today, or back if negative."""

    count: int
    unit: Unit = Unit.DAYS

    def from_day(self, day: date, calendar: Calendar = WEEKDAYS) -> date:
        """Return the day so much later."""
        match self.unit:
            case Unit.DAYS:
                return day + timedelta(days=self.count)
            case Unit.MONTHS:
                return months_later(day, self.count)
        step = DAY if self.count > 0 else -DAY
        for _ in range(abs(self.count)):
            day += step
            while not calendar.opens_on(day):
                day += step
        return day


@dataclass(frozen=True)
class Span:
    """From one day to another, which may be the earlier one."""

    start: date
    end: date

    def length(self, unit: Unit, calendar: Calendar = WEEKDAYS) -> Duration:
        """Return how many whole units it takes, below zero if it ends before; its first day does not count."""
        match unit:
            case Unit.DAYS:
                return Duration((self.end - self.start).days)
            case Unit.MONTHS:
                return Duration(_months(self.start, self.end), unit)
        if self.start <= self.end:
            return Duration(_business_days(self.start + DAY, self.end, calendar), unit)
        return Duration(-_business_days(self.end, self.start - DAY, calendar), unit)

    def compared(self, to: Duration, calendar: Calendar = WEEKDAYS) -> int:
        """Return whether it is shorter (below 0), as long (0) or longer (above 0).

        A day more than six months is longer than six months; a Sunday more than ten business days is not.
        """
        if to.unit == Unit.MONTHS:
            return (self.end - months_later(self.start, to.count)).days
        return self.length(to.unit, calendar).count - to.count


@dataclass(frozen=True)
class Period:
    """From a first day to a last; both belong to it."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class WindowKind(StrEnum):
    """Rolling ones reach back from today; the others are those of a year, which may begin in any month."""

    ROLLING_DAYS = "rolling_days"
    ROLLING_MONTHS = "rolling_months"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


ROLLING = (WindowKind.ROLLING_DAYS, WindowKind.ROLLING_MONTHS)
MONTHS = {WindowKind.MONTH: 1, WindowKind.QUARTER: 3, WindowKind.YEAR: 12}


@dataclass(frozen=True)
class Window:
    """`length` is of the rolling ones; of the others `back` periods ago, of a year that begins in a month."""

    kind: WindowKind
    length: int = 12
    back: int = 0
    year_starts_in: int = 1

    def days(self, today: date) -> Period:
        """Return the days it is open on today."""
        match self.kind:
            case WindowKind.ROLLING_DAYS:
                return Period(today - timedelta(days=self.length - 1), today)
            case WindowKind.ROLLING_MONTHS:
                return Period(months_later(today, -self.length) + DAY, today)
        months = MONTHS[self.kind]
        into = (today.month - self.year_starts_in) % months
        first = months_later(today.replace(day=1), -into - self.back * months)
        return Period(first, months_later(first, months) - DAY)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months(start: date, end: date) -> int:
    if end < start:
        return -_months(end, start)
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (months_later(start, months) > end)


def _business_days(first: date, last: date, calendar: Calendar) -> int:
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return sum(map(calendar.opens_on, days))
