"""The vendor's calendars in the file of its programme: hours as 09:00-17:30, days by their date."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.models import is_time_zone
from prm.clocks import calendars, services
from prm.clocks.hours import Span, Spans
from prm.clocks.models import Calendar, CalendarDay, spans_of
from prm.clocks.services import Day, Hours
from prm.policies.values import Path
from prm.programme.sections import Taking, section

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMES = ("name", "time_zone", "is_default", "week", "days")
DAY_NAMES = ("day", "name", "kind", "hours")
SPAN = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def written(on: date) -> list[dict[str, Any]]:
    """Return the calendars with the days that differ, whatever day it is."""
    rows = Calendar.objects.prefetch_related("days").order_by("-is_default", "name", "id")
    return [_written(calendar) for calendar in rows]


def _written(calendar: Calendar) -> dict[str, Any]:
    days = sorted(calendar.days.all(), key=lambda day: day.day)
    return {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "is_default": calendar.is_default,
        "week": {name: _said(spans) for name, spans in zip(WEEK, calendar.hours, strict=True) if spans},
        "days": [_day_written(Day(day.day, day.name, day.kind, spans_of(day.hours))) for day in days],
    }


def _day_written(day: Day) -> dict[str, Any]:
    hours = {"hours": _said(day.hours)} if day.hours else {}
    return {"day": day.day.isoformat(), "name": day.name, "kind": str(day.kind)} | hours


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Make and change calendars by their name; days that the file does not name stay."""
    if not taking.is_list(wanted, path):
        return
    for number, body in enumerate(wanted):
        place = (*path, number)
        if taking.is_mapping(body, place, NAMES):
            _take_one(body, place, taking)


def _take_one(body: dict[str, Any], path: Path, taking: Taking) -> None:
    name = body.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 80:
        taking.refuse((*path, "name"), _("A calendar needs a name of up to 80 characters."))
        return
    calendar = Calendar.objects.filter(name=name).first()
    kept = _written(calendar) if calendar else {"time_zone": "", "is_default": False, "week": {}, "days": []}
    before = len(taking.problems)
    week = _week({**kept, **body}["week"], (*path, "week"), taking)
    days = _days(body.get("days", []), (*path, "days"), taking)
    zone, is_default = ({**kept, **body}[value] for value in ("time_zone", "is_default"))
    try:
        is_time_zone(zone)
    except (ValidationError, TypeError, ValueError):
        taking.refuse((*path, "time_zone"), _("A time zone such as Europe/Berlin is expected here."))
    if not isinstance(is_default, bool):
        taking.refuse((*path, "is_default"), _("Write true or false here."))
    if len(taking.problems) == before:
        hours = Hours(name, zone, week, is_default=is_default)
        taking.attempt(path, lambda: _save(calendar, hours, days, kept, taking))


def _save(calendar: Calendar | None, hours: Hours, days: list[Day], kept: dict[str, Any], taking: Taking) -> None:
    if calendar is None:
        calendar = services.make(hours, by=taking.by, at=taking.at)
    else:
        calendar = services.change(calendar, hours, revision=calendar.revision, by=taking.by, at=taking.at)
    now = {day["day"]: day for day in kept["days"]}
    changed = [day for day in days if now.get(day.day.isoformat()) != _day_written(day)]
    if changed:
        services.set_days(calendar, changed, by=taking.by, at=taking.at)


def _week(wanted: Any, path: Path, taking: Taking) -> tuple[Spans, ...]:
    if not taking.is_mapping(wanted, path, WEEK):
        return ()
    return tuple(_spans(wanted.get(name, []), (*path, name), taking) for name in WEEK)


def _days(wanted: Any, path: Path, taking: Taking) -> list[Day]:
    found = []
    for number, body in enumerate(wanted if taking.is_list(wanted, path) else []):
        place = (*path, number)
        if taking.is_mapping(body, place, DAY_NAMES) and taking.fits(body, place, lists=("hours",)):
            day = _day(body, place, taking)
            if day:
                found.append(day)
    return found


def _day(body: dict[str, Any], path: Path, taking: Taking) -> Day | None:
    try:
        at = date.fromisoformat(str(body.get("day")))
    except ValueError:
        taking.refuse((*path, "day"), _("A date such as 2027-12-24 is expected here."))
        return None
    kind = body.get("kind", CalendarDay.Kind.CLOSED)
    if not taking.is_known(kind, CalendarDay.Kind.values, (*path, "kind")):
        return None
    is_open = kind == CalendarDay.Kind.OPEN
    spans = _spans(body.get("hours", []), (*path, "hours"), taking)
    if is_open is not bool(spans):
        taking.refuse((*path, "hours"), _("Hours belong to a day of the kind “open”, and it needs some."))
        return None
    return Day(at, str(body.get("name") or ""), CalendarDay.Kind(kind), spans)


def _spans(wanted: Any, path: Path, taking: Taking) -> Spans:
    spans: list[Span] = []
    for number, said in enumerate(wanted if taking.is_list(wanted, path) else []):
        span = _span(said)
        if span is None or (spans and span.start < spans[-1].end):
            taking.refuse((*path, number), _("Hours such as 09:00-17:30 are expected here, one after the other."))
        else:
            spans.append(span)
    return tuple(spans)


def _span(said: Any) -> Span | None:
    found = SPAN.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        return None
    start_hour, start, end_hour, end = map(int, found.groups())
    try:
        return Span(start_hour * 60 + start, end_hour * 60 + end)
    except ValueError:
        return None


def _said(spans: Spans) -> list[str]:
    return [f"{_time(span.start)}-{_time(span.end)}" for span in spans]


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def ids() -> dict[UUID, str]:
    """Return the calendars by their names, for rules whose promises count by one."""
    return dict(calendars.names())


section("calendars", gettext_lazy("Calendars"), order=10, written=written, take=take, keys=("name",), ids=ids)
