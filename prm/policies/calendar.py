"""Days as the vendor counts them: in its time zone, Monday to Friday for promises."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: str) -> date:
    """Return the vendor's day at an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def after_business_days(at: datetime, days: int, zone: str, holidays: Collection[date] = ()) -> datetime:
    """Return the same time of day, so many business days later, on the vendor's clock.

    A start at the weekend counts as Monday's first instant, so a promise of one day ends on Tuesday at midnight.
    """
    local = at.astimezone(ZoneInfo(zone))
    if not _is_business_day(local.date(), holidays):
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
        while not _is_business_day(local.date(), holidays):
            local += timedelta(days=1)
    for _ in range(days):
        local += timedelta(days=1)
        while not _is_business_day(local.date(), holidays):
            local += timedelta(days=1)
    return local


def _is_business_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays
