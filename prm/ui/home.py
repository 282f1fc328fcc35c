"""The first page of a portal: what needs this person, then the figures, then what the apps add.

Each role finds its own: who decides a queue, a vendor's administrator what is still to set up, an executive one page
to read and print.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from prm import together
from prm.accounts import actions
from prm.accounts.guards import requires
from prm.accounts.roles import Role
from prm.ui import navigation
from prm.ui.navigation import Visit

navigation.page(gettext_lazy("Home"), "home", "home", actions.ENTER, order=0)

TONES = ("bad", "warn", "info", "ok", "")  # the most urgent first
FIGURES = 4
FIGURES_TO_READ = 8  # on the page of an executive, who comes for them
COUNTS = [  # as they begin the sentence "… things need you today"
    pgettext_lazy("begins a sentence", "Two"),
    pgettext_lazy("begins a sentence", "Three"),
    pgettext_lazy("begins a sentence", "Four"),
    pgettext_lazy("begins a sentence", "Five"),
    pgettext_lazy("begins a sentence", "Six"),
    pgettext_lazy("begins a sentence", "Seven"),
    pgettext_lazy("begins a sentence", "Eight"),
    pgettext_lazy("begins a sentence", "Nine"),
    pgettext_lazy("begins a sentence", "Ten"),
    pgettext_lazy("begins a sentence", "Eleven"),
    pgettext_lazy("begins a sentence", "Twelve"),
]


@require_GET
@requires(actions.ENTER)
def home(request: HttpRequest) -> HttpResponse:
    visit = Visit.of(request)
    needs, figures = queue(visit), sorted(_all(navigation.FIGURES, visit), key=_place)
    parts = sorted(_all(navigation.SECTIONS, visit), key=_place)
    reads = visit.member.role == Role.EXECUTIVE
    context = {
        "situation": _("%(vendor)s at a glance") % {"vendor": request.vendor.name} if reads else situation(len(needs)),
        "today": _("%(date)s.") % {"date": long_day(visit.today)},
        "needs": needs,
        "strips": _in_fours(figures[: FIGURES_TO_READ if reads else FIGURES]),
        "parts": [part for part in parts if not part.get("is_aside")],
        "aside": [part for part in parts if part.get("is_aside")],
        "setup": setup(visit),
    }
    return render(request, "ui/home.html", context)


def queue(visit: Visit) -> list[dict[str, Any]]:
    """Return what needs somebody, from all apps: by urgency, then what is due first."""
    return sorted(_all(navigation.ATTENTION, visit), key=lambda row: urgency(row, visit.profile.time_zone))


def urgency(row: dict[str, Any], zone: str) -> tuple[int, datetime]:
    """Return what a row of the queue is sorted by; a day counts until it ends, and no date at all comes last."""
    at = row.get("at") or datetime.max.replace(tzinfo=ZoneInfo("UTC"))
    if not isinstance(at, datetime):
        at = datetime.combine(at + timedelta(days=1), time(), ZoneInfo(zone))
    return TONES.index(row.get("tone", "")), at


def setup(visit: Visit) -> list[dict[str, Any]]:
    """Return what a portal still needs before it is complete, done steps too; nothing once all are done."""
    steps = sorted((step for source in navigation.SETUP_STEPS if (step := source(visit))), key=_place)
    rows = {step["url"]: step["done"][:1] for step in steps if isinstance(step["done"], QuerySet)}
    found = together.ask(rows)
    steps = [step | {"done": bool(found.get(step["url"], step["done"]))} for step in steps]
    if all(step["done"] for step in steps):
        return []
    current = next(step for step in steps if not step["done"])
    return [step | {"current": step is current} for step in steps]


def situation(number: int) -> str:
    """Return the title: how many things need the reader today, as a sentence."""
    if number == 0:
        return _("Nothing needs you today")
    words = ngettext("One thing needs you today", "%(count)s things need you today", number)
    return words % {"count": COUNTS[number - 2] if 2 <= number < len(COUNTS) + 2 else number}


def long_day(day: date) -> str:
    """Return a day as the reader's language says it with its weekday."""
    return format_date(day, pgettext("date format with weekday", "l j F"))


def _all(sources: list[navigation.Rows], visit: Visit) -> list[dict[str, Any]]:
    return [row for source in sources for row in source(visit)]


def _place(part: dict[str, Any]) -> int:
    return part.get("order", 50)


def _in_fours(figures: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [figures[at : at + FIGURES] for at in range(0, len(figures), FIGURES)]
