"""Calendars of the vendor at hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from prm.accounts.models import Membership
from prm.clocks import services
from prm.clocks.hours import Span
from prm.clocks.models import Calendar, CalendarDay
from prm.clocks.services import Day, Hours

OFFICE = ((Span(9 * 60, 17 * 60),),) * 5 + ((),) * 2


def office(by: Membership, **facts: Any) -> Calendar:
    """Monday to Friday from nine to five in Berlin."""
    hours = Hours(**{"name": "Office", "time_zone": "Europe/Berlin", "week": OFFICE, **facts})
    return services.make(hours, by=by, at=timezone.now())


def holiday(by: Membership, day: date = date(2026, 12, 25)) -> CalendarDay:
    """A holiday of a new office's calendar."""
    calendar = office(by)
    services.set_days(calendar, [Day(day, "Christmas")], by=by, at=timezone.now())
    return CalendarDay.objects.get(calendar=calendar)
