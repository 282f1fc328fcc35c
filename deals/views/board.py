"""The deals of the list as a board of stages and as a month; the list's tab and filters hold here, too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deals import permissions
from deals.enums import Action, Review, Stage
from deals.forms.actions import StageForm
from deals.forms.lists import RegistrationList
from deals.models import Registration
from deals.queries import board as queries
from deals.rules import lifecycle
from deals.services import outcomes
from deals.views.actions import own
from deals.views.looks import looks_at, rows_of, view_of, views_of
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.ui.submissions import once

ENDED = {"won": (Stage.WON,), "lost": (Stage.LOST,)}
SHOWN = "show_"  # and a stage: how many of its cards


@require_GET
@requires(permissions.can_see)
def board(request: HttpRequest) -> HttpResponse:
    """Show the deals this person sees in columns by stage."""
    view, today = view_of(request), request.profile.day_of(timezone.now())
    deals = RegistrationList(request.GET, rows_of(request.member, view))
    columns = queries.columns(deals.matching, _stages(view), _shown(request))
    context = {
        "listing": deals,
        "views": views_of(request, view),
        "looks": looks_at(request, "board"),
        "columns": [
            {
                "column": column,
                "cards": [_card(deal, request.member, today) for deal in column.deals],
                "more_url": _more_url(request, column),
            }
            for column in columns
        ],
        "is_empty": not any(column.count for column in columns),
    }
    return render(request, "deals/registrations/board.html", context)


def _stages(view: str) -> tuple[Stage, ...]:
    if view == "all":
        return (*lifecycle.open_stages(), Stage.WON, Stage.LOST)
    return ENDED.get(view, lifecycle.open_stages())


def _shown(request: HttpRequest) -> dict[str, int]:
    asked = {name.removeprefix(SHOWN): value for name, value in request.GET.items() if name.startswith(SHOWN)}
    return {stage: int(value) for stage, value in asked.items() if value.isdecimal() and len(value) < 4}


def _card(deal: Registration, member: Membership, today: date) -> dict[str, Any]:
    """Return a deal with what comes next, and the stages it can be moved to by this person."""
    is_own = deal.partner_id == member.partner_id and member.has(permissions.can_register)
    can_move = is_own and deal.can(Action.ADVANCE)
    stages = [stage for stage in lifecycle.open_stages() if stage != deal.stage] if can_move else []
    return {"deal": deal, "step": queries.next_step(deal, today), "stages": stages}


def _more_url(request: HttpRequest, column: queries.Column) -> str:
    if column.left <= 0 or len(column.deals) >= queries.MOST:
        return ""
    params = request.GET.copy()
    params[f"{SHOWN}{column.stage}"] = str(column.shown_next)
    return f"?{params.urlencode()}#stage-{column.stage}"


@require_POST
@requires(permissions.can_register)
@once
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set the stage of a card and stay on the board; a refusal is said there."""
    registration = own(request, pk, Action.ADVANCE)
    form = StageForm(request.POST)
    if form.is_valid():
        stage = form.cleaned_data["stage"]
        try:
            outcomes.advance(registration, stage, by=request.member, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.sentence)
        else:
            said = {"customer": registration.customer_name, "stage": stage.label}
            messages.success(request, _("%(customer)s moved to %(stage)s") % said)
    query = request.POST.get("query", "")
    return redirect(f"{reverse('deals:registration-board')}{f'?{query}' if query else ''}")


@require_GET
@requires(permissions.can_see)
def month(request: HttpRequest) -> HttpResponse:
    """Show on which days deals close, lose their protection or have to be confirmed."""
    view, today = view_of(request), request.profile.day_of(timezone.now())
    deals = RegistrationList(request.GET, rows_of(request.member, view).exclude(review=Review.DRAFT))
    first = _month(request, today)
    context = {
        "listing": deals,
        "views": views_of(request, view),
        "looks": looks_at(request, "month"),
        "first": first,
        "today": today,
        "days": queries.month(deals.matching, first),
        "previous_url": _month_url(request, first - timedelta(days=1)),
        "next_url": _month_url(request, first + timedelta(days=31)),
        "today_url": _month_url(request, today) if first != today.replace(day=1) else "",
    }
    context["count"] = sum(len(day.entries) for day in context["days"] if day.is_in_month)
    return render(request, "deals/registrations/month.html", context)


def _month(request: HttpRequest, today: date) -> date:
    """Return the first day of the month that is asked for as 2026-12, or of this one."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if abs(asked.year - today.year) <= 20 else today.replace(day=1)


def _month_url(request: HttpRequest, day: date) -> str:
    params = request.GET.copy()
    params["month"] = f"{day:%Y-%m}"
    return f"?{params.urlencode()}"
