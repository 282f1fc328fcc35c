"""How long a certificate is valid, and when its holder is reminded."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

REMINDER_DAYS = (60, 30, 7)


def last_day(issued_on: date, valid_months: int | None) -> date | None:
    """Return the last valid day: the day before the same day so many months later; nothing if it never ends."""
    if not valid_months:
        return None
    months = issued_on.month - 1 + valid_months
    year, month = issued_on.year + months // 12, months % 12 + 1
    day = min(issued_on.day, calendar.monthrange(year, month)[1])
    return date(year, month, day) - timedelta(days=1)


def reminder_due(days_left: int, reminded: int | None) -> int | None:
    """Return the mark (60, 30 or 7 days) a reminder is due for, unless it or a nearer one was sent."""
    passed = [mark for mark in REMINDER_DAYS if days_left <= mark and (reminded is None or mark < reminded)]
    return min(passed) if passed and days_left >= 0 else None
