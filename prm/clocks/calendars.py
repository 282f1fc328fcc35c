"""The vendor's own calendar, and what it promises by it."""

from __future__ import annotations

from datetime import datetime

from prm.accounts.models import VendorProfile
from prm.clocks.hours import DAY, BusinessCalendar, weekdays


def default() -> BusinessCalendar:
    """Return the calendar by which the vendor works."""
    return weekdays(VendorProfile.objects.values_list("time_zone", flat=True).get())


def in_business_days(days: int, *, at: datetime) -> datetime:
    """Return until when something is promised within so many business days."""
    return default().add_days(at, days * DAY)


def resumed(due: datetime, *, stood_since: datetime, at: datetime) -> datetime:
    """Return until when something is promised after the clock stood: as many business days ahead as were left.

    What was late already stays late.
    """
    if stood_since >= due:
        return due
    calendar = default()
    return calendar.add_days(at, calendar.days_between(stood_since, due))
