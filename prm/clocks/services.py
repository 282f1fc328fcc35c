"""Making calendars, changing their hours, and saying which days differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from prm.accounts.models import Membership, VendorProfile
from prm.clocks import calendars
from prm.clocks.events import CalendarChanged, CalendarDayRemoved, CalendarDaysSet, CalendarMade, CalendarRemoved
from prm.clocks.hours import NeverOpens, Spans
from prm.clocks.models import Calendar, CalendarDay, Minutes
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import named

DAYS_AT_MOST = 1000


class CalendarNeverOpens(DomainError):
    """Promises by a calendar without hours would never be due."""


class CalendarChangedMeanwhile(DomainError):
    """Somebody saved the calendar after this form was opened."""


class DefaultIsNeeded(DomainError):
    """The default calendar stays until another one is the default."""


class CalendarInUse(DomainError):
    """Rules count promises by it, or did: what was promised under them is still measured by it."""


class TooManyDays(DomainError):
    """A calendar holds some thousand special days, not any number."""


@dataclass(frozen=True)
class Hours:
    """What a calendar is, but for its special days."""

    name: str
    time_zone: str
    week: tuple[Spans, ...]
    is_default: bool = False

    def fields(self) -> dict[str, Any]:
        """Return the values as they are stored."""
        week = [_minutes(spans) for spans in self.week]
        return {
            "name": self.name,
            "time_zone": self.time_zone,
            "week": week,
            "is_default": self.is_default,
        }


@dataclass(frozen=True)
class Day:
    """A day that differs, and how; hours are only for one with other hours."""

    day: date
    name: str = ""
    kind: CalendarDay.Kind = CalendarDay.Kind.CLOSED
    hours: Spans = ()


@service
def make(hours: Hours, *, by: Membership, at: datetime) -> Calendar:
    """Add a calendar; the first one is the default. Raises `CalendarNeverOpens`."""
    _lock_all()
    if not Calendar.objects.filter(is_default=True).exists():
        hours = replace(hours, is_default=True)
    calendar = Calendar(**hours.fields())
    _refuse_if_never_open(calendar, at)
    _take_default_from_others(calendar)
    calendar.save(force_insert=True)
    record(CalendarMade(calendar.pk, calendar.name), on=calendar, by=by, at=at)
    return calendar


@service
def change(calendar: Calendar, hours: Hours, *, revision: int, by: Membership, at: datetime) -> Calendar:
    """Change what a calendar is. What was promised keeps its time; what is promised from now on counts by it.

    `revision` is the one that the person looked at. Raises `CalendarChangedMeanwhile`, `CalendarNeverOpens`, and
    `DefaultIsNeeded` if nothing else is the default.
    """
    _lock_all()
    calendar = Calendar.objects.locked(calendar.pk)
    if calendar.revision != revision:
        raise CalendarChangedMeanwhile
    if calendar.is_default and not hours.is_default:
        raise DefaultIsNeeded(calendar=calendar)
    wanted = hours.fields()
    changed = tuple(name for name, value in wanted.items() if getattr(calendar, name) != value)
    if not changed:
        return calendar
    for name in changed:
        setattr(calendar, name, wanted[name])
    _refuse_if_never_open(calendar, at)
    _take_default_from_others(calendar)
    calendar.revision += 1
    calendar.save()
    record(CalendarChanged(calendar.pk, calendar.name, changed), on=calendar, by=by, at=at)
    return calendar


@service
def remove(calendar: Calendar, *, by: Membership, at: datetime) -> None:
    """Remove a calendar with its days.

    Raises `DefaultIsNeeded` for the one that all other promises count by, and `CalendarInUse`.
    """
    _lock_all()
    calendar = Calendar.objects.locked(calendar.pk)
    if calendar.is_default:
        raise DefaultIsNeeded(calendar=calendar)
    if rules := named.by_calendar(str(calendar.pk)):
        raise CalendarInUse(calendar=calendar, rules=rules)
    record(CalendarRemoved(calendar.pk, calendar.name), on=calendar, by=by, at=at)
    calendar.delete()


@service
def set_days(calendar: Calendar, days: Iterable[Day], *, by: Membership, at: datetime) -> int:
    """Say which days differ, replacing what was said of the same days before; return how many they are.

    Raises `TooManyDays`, and `CalendarNeverOpens` if nothing would be left.
    """
    calendar = Calendar.objects.locked(calendar.pk)
    wanted = {day.day: day for day in days}
    CalendarDay.objects.filter(calendar=calendar, day__in=wanted).delete()
    if CalendarDay.objects.filter(calendar=calendar).count() + len(wanted) > DAYS_AT_MOST:
        raise TooManyDays(most=DAYS_AT_MOST)
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day.day, name=day.name[:120], kind=day.kind, hours=_minutes(day.hours))
        for day in wanted.values()
    )
    _refuse_if_never_open(calendar, at)
    if wanted:
        said = tuple(day.isoformat() for day in sorted(wanted))
        record(CalendarDaysSet(calendar.pk, calendar.name, said), on=calendar, by=by, at=at)
    return len(wanted)


@service
def remove_day(day: CalendarDay, *, by: Membership, at: datetime) -> None:
    """Let a day have the hours of its weekday again."""
    calendar = Calendar.objects.locked(day.calendar_id)
    gone, _kinds = CalendarDay.objects.filter(pk=day.pk).delete()
    if gone:
        fact = CalendarDayRemoved(calendar.pk, calendar.name, day.day.isoformat())
        record(fact, on=calendar, by=by, at=at)


def _lock_all() -> None:
    """Let those who make or choose the default calendar wait for one another."""
    VendorProfile.objects.select_for_update().get()


def _take_default_from_others(calendar: Calendar) -> None:
    if calendar.is_default:
        Calendar.objects.filter(is_default=True).exclude(pk=calendar.pk).update(is_default=False)


def _refuse_if_never_open(calendar: Calendar, at: datetime) -> None:
    if not any(calendar.hours):
        raise CalendarNeverOpens(calendar=calendar)
    try:
        calendars.as_rules(calendar).next_opening(at)
    except NeverOpens:
        raise CalendarNeverOpens(calendar=calendar) from None


def _minutes(spans: Spans) -> Minutes:
    return [[span.start, span.end] for span in spans]
