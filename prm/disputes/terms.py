"""Until when a decision can be appealed, and by when that is promised to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from prm.clocks.clock import Promise


@dataclass(frozen=True)
class Appeals:
    """How many days there are to appeal (none means never), and within how many business days it is decided.

    Those count by the calendar that the record's own promise counts by, the default one for nothing.
    """

    days: int
    decision_business_days: int
    calendar: str = ""

    @property
    def promise(self) -> Promise:
        return Promise(self.decision_business_days, calendar=self.calendar)

    def until(self, decided_on: date) -> date | None:
        """Return the last day that still counts."""
        return decided_on + timedelta(days=self.days) if self.days else None
