"""The first page of a portal: what needs this person, then the figures, then what the apps add."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from prm.accounts import actions
from prm.accounts.guards import requires
from prm.ui import navigation
from prm.ui.navigation import Visit

navigation.page(gettext_lazy("Home"), "home", "home", actions.ENTER, order=0)

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
    needs = _all(navigation.ATTENTION, visit)
    parts = sorted(_all(navigation.SECTIONS, visit), key=lambda part: part.get("order", 50))
    context = {
        "situation": situation(len(needs)),
        "today": _("%(date)s.") % {"date": long_day(visit.today)},
        "needs": needs,
        "figures": _all(navigation.FIGURES, visit),
        "parts": [part for part in parts if not part.get("is_aside")],
        "aside": [part for part in parts if part.get("is_aside")],
    }
    return render(request, "ui/home.html", context)


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
