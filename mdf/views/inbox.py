"""Requests that wait for the vendor: the list at the left, one of them with all its facts at the right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mdf import permissions
from mdf.forms.decisions import ApprovalForm
from mdf.forms.inbox import InboxList
from mdf.models import FundRequest
from mdf.queries import inbox as queries
from mdf.queries.inbox import View
from mdf.rules.catalogue import AREA
from mdf.services import decisions
from mdf.views import attachments, timeline
from mdf.views.finding import find
from prm.accounts.guards import requires
from prm.accounts.roles import Role
from prm.approvals import panel
from prm.approvals.panel import Panel
from prm.clocks.hours import day_of
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.inbox.desk import Desk
from prm.policies import following
from prm.promises import marks
from prm.ui.states import State, state_of

HISTORY = 6


@require_GET
@requires(permissions.can_decide)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the list, with its first request beside it where there is room."""
    return desk.start(request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request, as a part of the page or the whole of it; a POST tells the partner that review began."""
    fund_request = find(request, pk)
    if request.method == "POST":
        decisions.open_review(fund_request, by=request.member, at=timezone.now())
        if not request.htmx:
            return redirect(desk.address(fund_request, listing_of(request)))
        fund_request = find(request, pk)
    return desk.open(request, fund_request)


def listing_of(request: HttpRequest) -> InboxList:
    """Return the list that the address asks for."""
    return InboxList(request.GET, request.member, timezone.now())


def today_of(request: HttpRequest) -> date:
    """Return the vendor's day."""
    return day_of(timezone.now(), request.profile.time_zone)


def item_context(request: HttpRequest, listing: InboxList, fund_request: FundRequest) -> dict[str, Any]:
    """Return what the right side shows."""
    dossier, approval = queries.dossier_of(fund_request, today_of(request)), _approval(request, fund_request)
    return {
        "listing": listing,
        "fund_request": fund_request,
        "dossier": dossier,
        "approval": approval,
        "course": following.told(following.latest(fund_request)),
        "may_decide": bool(approval.turn) if approval and approval.is_waiting else request.member.role != Role.FINANCE,
        "plan_form": ApprovalForm(None, lines=dossier.lines, version=fund_request.version),
        "details": details.of(AREA, fund_request, request),
        "files": attachments.entries(fund_request),
        "history": timeline.entries(fund_request, request.member)[-HISTORY:],
        "writing": comments.form_for(fund_request, request.member, back=desk.address(fund_request, listing)),
        "for_vendor": True,
    }


def _approval(request: HttpRequest, fund_request: FundRequest) -> Panel | None:
    """Return how the approval of a request stands, nothing while it waits for nobody in particular."""
    found = panel.of(fund_request, request.member, at=timezone.now())
    return found if found and (found.is_waiting or not fund_request.is_waiting) else None


def list_context(request: HttpRequest, listing: InboxList, fund_request: FundRequest | None) -> dict[str, Any]:
    """Return what the left side shows; the open request is marked."""
    counts = queries.counts(request.member, listing.at)
    groups = _groups(listing, fund_request)
    currencies = {money.currency for group in groups for money in group["sums"]}
    return {
        "listing": listing,
        "groups": groups,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "can_tick": listing.view in (View.MINE, View.TEAM),
        "inbox_tabs": listing.tabs_with(counts, reverse("mdf:inbox")),
    }


def _groups(listing: InboxList, opened: FundRequest | None) -> list[dict[str, Any]]:
    marked = {} if listing.view == View.DONE else marks.of(listing.rows)
    return [
        {
            "label": label,
            "sums": sums,
            "rows": [
                {
                    "fund_request": row,
                    "url": desk.address(row, listing),
                    "badge": _badge(listing.view, row),
                    "mark": marked.get(row.pk),
                    "due": listing.due_of(row),
                    "tick": queries.tick_of(row),
                    "current": opened is not None and row.pk == opened.pk,
                }
                for row in rows
            ],
        }
        for label, sums, rows in listing.groups
    ]


def _badge(view: View, row: FundRequest) -> State | None:
    """What stands out: how many approvals are missing, or where the request stands."""
    if view == View.ASKED:
        return state_of("information_asked")
    if view == View.DONE:
        return state_of(row.status)
    if row.approvals_needed > 1:
        words = _("%(given)s of %(needed)s approvals") % {"given": row.approvals_given, "needed": row.approvals_needed}
        return State("info", "clock", words)
    return None


desk = Desk(
    url="mdf:inbox",
    item_url="mdf:inbox-item",
    templates="mdf/inbox",
    row="fund_request",
    listing_of=listing_of,
    find=find,
    list_context=list_context,
    item_context=item_context,
    undo_until=queries.undo_until,
)
