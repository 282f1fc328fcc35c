"""Where and when a demo plays: the vendor, the present, and office hours in the past."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from prm.accounts.models import Membership
from prm.clocks.hours import day_of
from prm.demo.clock import Story
from prm.tenancy.models import Vendor

SATURDAY = 5


@dataclass(frozen=True)
class Scene:
    """A vendor's portal seen from the present, with dice that fall the same way every time."""

    vendor: Vendor
    zone: str
    now: datetime
    dice: Random
    _members: dict[str, Membership] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return day_of(self.now, self.zone)

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return a time of day on the vendor's clock."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(self.zone))

    def in_office_hours(self, day: date) -> datetime:
        """Return some time between eight and half past five."""
        minutes = self.dice.randrange(8 * 60, 17 * 60 + 30)
        return self.at(day, minutes // 60, minutes % 60)

    def workday(self, day: date) -> date:
        """Return the day, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def after(self, at: datetime, days: int) -> datetime:
        """Return some time in office hours, so many days later but never at a weekend."""
        day = day_of(at, self.zone) + timedelta(days=days)
        day += timedelta(days=7 - day.weekday() if day.weekday() >= SATURDAY else 0)
        return max(self.in_office_hours(day), at + timedelta(minutes=self.dice.randrange(20, 90)))

    def member(self, email: str) -> Membership:
        """Return what a person is at this vendor."""
        if email not in self._members:
            self._members[email] = Membership.objects.select_related("user").get(user__email=email)
        return self._members[email]

    def once(self, at: datetime, act: Any, *args: Any, **kwargs: Any) -> Story:
        """Return a story of one step, which is told its time."""
        yield at
        act(*args, **kwargs, at=at)
