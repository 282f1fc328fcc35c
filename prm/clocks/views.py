"""Where an administrator keeps calendars: the hours of a week, the days that differ, and what follows from both."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.clocks import calendars, permissions, preview, services
from prm.clocks.forms import CalendarForm, DayForm, HolidaysForm
from prm.clocks.hours import Spans, day_of
from prm.clocks.models import Calendar, CalendarDay
from prm.events.refusals import DomainError
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_keep_calendars)
def index(request: HttpRequest) -> HttpResponse:
    """List the calendars, first the one that promises count by."""
    rows = [
        {"calendar": calendar, "week": _week_in_words(calendar.hours), "next": _next_special(calendar)}
        for calendar in Calendar.objects.prefetch_related("days").order_by("-is_default", "name", "id")
    ]
    return render(request, "clocks/index.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_calendars)
@once
def new(request: HttpRequest) -> HttpResponse:
    """Make a calendar."""
    form = CalendarForm(request.POST or None, calendar=None, zone=request.profile.time_zone)
    if form.is_valid():
        try:
            calendar = services.make(form.hours, by=request.member, at=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Calendar made"))
            return redirect("calendar", calendar.pk)
    return render(request, "clocks/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_calendars)
def hours(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the hours of a calendar's week, its name and its zone."""
    calendar = get_object_or_404(Calendar, pk=pk)
    form = CalendarForm(request.POST or None, calendar=calendar, zone=request.profile.time_zone)
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"] or 0
            services.change(calendar, form.hours, revision=revision, by=request.member, at=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Hours saved"))
            return redirect("calendar", pk)
    context = {"form": form, "calendar": calendar}
    return render(request, "clocks/form.html", context, status=422 if form.errors else 200)


@require_GET
@requires(permissions.can_keep_calendars)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a calendar says of the weeks ahead, and its special days."""
    return _page(request, get_object_or_404(Calendar, pk=pk))


@require_POST
@requires(permissions.can_keep_calendars)
def days(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say of one day how it differs."""
    calendar = get_object_or_404(Calendar, pk=pk)
    form = DayForm(request.POST)
    if form.is_valid() and _set(request, calendar, [form.typed], form):
        messages.success(request, _("Day saved"))
        return redirect("calendar", pk)
    return _page(request, calendar, day_form=form)


@require_POST
@requires(permissions.can_keep_calendars)
def take_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take many holidays over, from text or a file: all of them, or none."""
    calendar = get_object_or_404(Calendar, pk=pk)
    form = HolidaysForm(request.POST, request.FILES, today=_today(calendar))
    if form.is_valid() and _set(request, calendar, form.cleaned_data["days"], form):
        count = len(form.cleaned_data["days"])
        messages.success(request, ngettext("One day saved", "%(count)s days saved", count) % {"count": count})
        return redirect("calendar", pk)
    return _page(request, calendar, holidays_form=form)


@require_POST
@requires(permissions.can_keep_calendars)
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a calendar that nothing counts by."""
    calendar = get_object_or_404(Calendar, pk=pk)
    try:
        services.remove(calendar, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _page(request, calendar, refusal=refusal)
    messages.success(request, _("Calendar removed"))
    return redirect("calendars")


@require_POST
@requires(permissions.can_keep_calendars)
def remove_day(request: HttpRequest, pk: UUID, day: UUID) -> HttpResponse:
    """Let a day have its usual hours again."""
    special = get_object_or_404(CalendarDay, pk=day, calendar=pk)
    services.remove_day(special, by=request.member, at=timezone.now())
    messages.success(request, _("Day removed"))
    return redirect("calendar", pk)


def _set(request: HttpRequest, calendar: Calendar, wanted: list[services.Day], form: Any) -> bool:
    try:
        services.set_days(calendar, wanted, by=request.member, at=timezone.now())
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def _page(
    request: HttpRequest,
    calendar: Calendar,
    *,
    day_form: DayForm | None = None,
    holidays_form: HolidaysForm | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    today = _today(calendar)
    special = list(calendar.days.order_by("day"))
    is_refused = bool(day_form or holidays_form or refusal)
    context: dict[str, Any] = {
        "calendar": calendar,
        "week": _week_in_words(calendar.hours),
        "weeks": preview.weeks_ahead(calendars.as_rules(calendar), today),
        "weekdays": [(WEEKDAYS[number], WEEKDAYS_ABBR[number]) for number in range(7)],
        "ahead": [_special(day) for day in special if day.day >= today],
        "past": [_special(day) for day in reversed(special) if day.day < today],
        "day_form": day_form or DayForm(),
        "holidays_form": holidays_form or HolidaysForm(today=today),
        "refusal": refusal,
    }
    return render(request, "clocks/detail.html", context, status=422 if is_refused else 200)


def _today(calendar: Calendar) -> Any:
    return day_of(timezone.now(), calendar.time_zone)


def _next_special(calendar: Calendar) -> CalendarDay | None:
    today = _today(calendar)
    return min((day for day in calendar.days.all() if day.day >= today), key=lambda day: day.day, default=None)


def _special(day: CalendarDay) -> dict[str, Any]:
    how = _in_words(day.on(day.calendar.hours).spans) if day.kind == day.Kind.OPEN else day.get_kind_display()
    return {"row": day, "how": how}


def _week_in_words(week: tuple[Spans, ...]) -> list[tuple[str, str]]:
    return [
        (
            str(WEEKDAYS_ABBR[first]) if first == last else f"{WEEKDAYS_ABBR[first]} – {WEEKDAYS_ABBR[last]}",
            _in_words(spans),
        )
        for first, last, spans in preview.alike(week)
    ]


def _in_words(spans: Spans) -> str:
    """Return the hours of a day as the reader's language writes times."""
    if not spans:
        return _("Closed")
    if preview.is_all_day(spans):
        return _("All day")
    return ", ".join(f"{_clock(span.start)}–{_clock(span.end)}" for span in spans)


def _clock(minute: int) -> str:
    return time_format(time(minute // 60 % 24, minute % 60), pgettext("time format", "H:i"))
