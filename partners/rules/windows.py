"""Over which days a requirement counts, on the vendor's calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from partners.enums import WindowKind
from prm.policies import periods
from prm.policies.periods import DAY, Period, months_later

WITH_LENGTH = (WindowKind.ROLLING_DAYS, WindowKind.ROLLING_MONTHS)
WITH_START = (WindowKind.FISCAL_YEAR, WindowKind.FISCAL_YEAR_OR_LAST)
LOOKING_BACK = (WindowKind.CALENDAR_YEAR_OR_LAST, WindowKind.QUARTER_OR_LAST, WindowKind.FISCAL_YEAR_OR_LAST)


@dataclass(frozen=True)
class Window:
    """Of what kind; `length` is of the rolling ones, `starts` (month, day) of the fiscal year."""

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
                window = periods.Window(periods.WindowKind.ROLLING_DAYS, self.length)
            case WindowKind.ROLLING_MONTHS:
                window = periods.Window(periods.WindowKind.ROLLING_MONTHS, self.length)
            case WindowKind.QUARTER | WindowKind.QUARTER_OR_LAST:
                window = periods.Window(periods.WindowKind.QUARTER)
            case WindowKind.FISCAL_YEAR | WindowKind.FISCAL_YEAR_OR_LAST:
                return year_of(day, *self.starts)  # may begin on any day of a month
            case _:
                window = periods.Window(periods.WindowKind.YEAR)
        return window.days(day)


def clamped(year: int, month: int, day: int) -> date:
    """Return a day of a month, the last one if the month has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def year_of(day: date, month: int, first: int) -> Period:
    """Return the year from one anniversary to the day before the next that a day lies in."""
    year = day.year if day >= clamped(day.year, month, first) else day.year - 1
    return Period(clamped(year, month, first), clamped(year + 1, month, first) - DAY)
