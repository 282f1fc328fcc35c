"""Over which days a requirement counts, on the vendor's calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from partners.enums import WindowKind
from prm.policies.periods import DAY, months_later

WITH_LENGTH = (WindowKind.ROLLING_DAYS, WindowKind.ROLLING_MONTHS)
WITH_START = (WindowKind.FISCAL_YEAR, WindowKind.FISCAL_YEAR_OR_LAST)
LOOKING_BACK = (WindowKind.CALENDAR_YEAR_OR_LAST, WindowKind.QUARTER_OR_LAST, WindowKind.FISCAL_YEAR_OR_LAST)


@dataclass(frozen=True)
class Period:
    """Both days belong to it."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Window:
    """A kind of period; `length` is of the rolling ones, `starts` (month, day) of the fiscal year."""

    kind: WindowKind = WindowKind.ROLLING_MONTHS
    length: int = 12
    starts: tuple[int, int] = (1, 1)

    def periods(self, day: date) -> tuple[Period, ...]:
        """Return the period a day lies in, and after it the one before where that counts too."""
        running = self._period(day)
        return (running, self._period(running.first - DAY)) if self.kind in LOOKING_BACK else (running,)

    def leaves(self, day: date) -> tuple[date, ...]:
        """Return days of which one is the first that a day has left a rolling window; short months blur it."""
        if self.kind == WindowKind.ROLLING_DAYS:
            return (day + timedelta(days=self.length),)
        about = months_later(day, self.length)
        return tuple(about + timedelta(days=number) for number in range(4))

    def beginnings(self, after: date, until: date) -> Iterator[date]:
        """Yield the first days of the periods that begin after a day."""
        day = self._period(after).last + DAY
        while day <= until:
            yield day
            day = self._period(day).last + DAY

    def _period(self, day: date) -> Period:
        match self.kind:
            case WindowKind.ROLLING_DAYS:
                return Period(day - timedelta(days=self.length - 1), day)
            case WindowKind.ROLLING_MONTHS:
                return Period(months_later(day, -self.length) + DAY, day)
            case WindowKind.QUARTER | WindowKind.QUARTER_OR_LAST:
                first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
                return Period(first, months_later(first, 3) - DAY)
            case WindowKind.FISCAL_YEAR | WindowKind.FISCAL_YEAR_OR_LAST:
                return year_of(day, *self.starts)
        return year_of(day, 1, 1)


def clamped(year: int, month: int, day: int) -> date:
    """Return a day of a month, the last one if the month has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def year_of(day: date, month: int, first: int) -> Period:
    """Return the year from one anniversary to the day before the next that a day lies in."""
    year = day.year if day >= clamped(day.year, month, first) else day.year - 1
    return Period(clamped(year, month, first), clamped(year + 1, month, first) - DAY)
