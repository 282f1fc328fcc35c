"""The vendor's day."""

from __future__ import annotations

from datetime import date, datetime

from prm.accounts.models import VendorProfile
from prm.clocks.hours import day_of


def today_of_vendor(at: datetime) -> date:
    """Return the day at the vendor: every date of a partner is one of the vendor's days."""
    return day_of(at, VendorProfile.objects.values_list("time_zone", flat=True).get())
