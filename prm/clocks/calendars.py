"""The vendor's calendars, and what it promises by them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from prm.accounts.models import VendorProfile
from prm.clocks.clock import Promise
from prm.clocks.hours import DAY, BusinessCalendar, weekdays
from prm.clocks.models import Calendar

DAYS = Promise(0)  # however many: a promise in business days


def default() -> BusinessCalendar:
    """Return the calendar by which the vendor works: its own, or weekdays around the clock until it has made one."""
    return find(None)


def find(pk: UUID | str | None) -> BusinessCalendar:
    """Return a calendar; the default one for nothing, and for one that is gone."""
    rows = Calendar.objects.prefetch_related("days")
    row = (rows.filter(pk=pk).first() if pk else None) or rows.filter(is_default=True).first()
    if row is None:
        return weekdays(VendorProfile.objects.values_list("time_zone", flat=True).get())
    return as_rules(row)


def of(promise: Promise) -> BusinessCalendar:
    """Return the calendar that a promise counts by."""
    return find(promise.calendar)


def names() -> QuerySet:
    """Return the calendars that a promise can count by, with their names."""
    return Calendar.objects.order_by("name", "pk").values_list("pk", "name")


def name_of(promise: Promise) -> str:
    """Return what the calendar is called that a promise counts by; nothing for the default one."""
    if not promise.calendar:
        return ""
    return Calendar.objects.filter(pk=promise.calendar).values_list("name", flat=True).first() or ""


def as_rules(calendar: Calendar) -> BusinessCalendar:
    """Return a calendar as that which counts."""
    week = calendar.hours
    return BusinessCalendar(calendar.time_zone, week, {day.day: day.on(week) for day in calendar.days.all()})


def in_business_days(days: int, *, at: datetime) -> datetime:
    """Return until when something is promised within so many business days."""
    return default().add_days(at, days * DAY)


def promised(promise: Promise, *, at: datetime) -> datetime:
    """Return until when something is promised, in business days or hours."""
    return promise.add(of(promise), at, promise.whole)


def resumed(due: datetime, *, stood_since: datetime, at: datetime, promise: Promise = DAYS) -> datetime:
    """Return until when something is promised after the clock stood: as much business time ahead as was left.

    What was late already stays late.
    """
    if stood_since >= due:
        return due
    calendar = of(promise)
    return promise.add(calendar, at, promise.between(calendar, stood_since, due))
