"""Quotes that wait for approval: the list at the left, one of them with all its prices at the right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from prm.accounts.guards import requires
from prm.approvals import panel
from prm.clocks.hours import day_of
from prm.comments import showing as comments
from prm.inbox.desk import Desk
from prm.policies import following
from prm.promises import marks
from prm.questions.services import open_one
from prm.ui import formats
from prm.ui.states import State, state_of
from quotes import permissions
from quotes.enums import Counted
from quotes.forms.inbox import InboxList
from quotes.models import QuoteRevision
from quotes.queries import inbox as queries
from quotes.queries.inbox import View
from quotes.rules.approvals import Reason
from quotes.views import timeline
from quotes.views.finding import find

HISTORY = 6


@require_GET
@requires(permissions.can_approve)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the list, with its first quote beside it where there is room."""
    return desk.start(request)


@require_GET
@requires(permissions.can_approve)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one quote, as a part of the page or the whole of it."""
    return desk.open(request, find(request, pk))


def listing_of(request: HttpRequest) -> InboxList:
    """Return the list that the address asks for."""
    return InboxList(request.GET, request.member, timezone.now())


def item_context(request: HttpRequest, listing: InboxList, revision: QuoteRevision) -> dict[str, Any]:
    """Return what the right side shows."""
    approval = panel.of(revision, request.member, at=timezone.now())
    mine = approval.mine if approval else frozenset()
    return {
        "listing": listing,
        "revision": revision,
        "quote": revision.quote,
        "dossier": queries.dossier_of(revision, request.member, today_of(request), mine=mine),
        "course": following.told(following.latest(revision)),
        "approval": approval,
        "history": timeline.entries(revision.quote, request.member)[-HISTORY:],
        "writing": comments.form_for(revision.quote, request.member, back=desk.address(revision, listing)),
        "today": today_of(request),
    }


def list_context(request: HttpRequest, listing: InboxList, revision: QuoteRevision | None) -> dict[str, Any]:
    """Return what the left side shows; the open quote is marked."""
    counts = queries.counts(request.member, listing.at)
    return {
        "listing": listing,
        "groups": _groups(listing, revision),
        "inbox_tabs": listing.tabs_with(counts, reverse("quotes:inbox")),
    }


def today_of(request: HttpRequest) -> date:
    """Return the vendor's day."""
    return day_of(timezone.now(), request.profile.time_zone)


# -- the list ------------------------------------------------------------------------------------------
def _groups(listing: InboxList, opened: QuoteRevision | None) -> list[dict[str, Any]]:
    foremost = queries.foremost_reasons(listing.rows) if listing.rows else {}
    marked = {} if listing.view == View.DONE else marks.of(listing.rows)
    return [
        {
            "label": label,
            "sums": sums,
            "rows": [
                {
                    "revision": row,
                    "url": desk.address(row, listing),
                    "badge": _badge(listing.view, row, foremost.get(row.pk)),
                    "mark": marked.get(row.pk),
                    "due": listing.due_of(row),
                    "current": opened is not None and row.pk == opened.pk,
                }
                for row in rows
            ],
        }
        for label, sums, rows in listing.groups
    ]


def _badge(view: View, row: QuoteRevision, foremost: Reason | None) -> State:
    """What stands out: how much is asked for and of what, or where the quote stands."""
    if view == View.ASKED:
        return state_of("information_asked")
    if view == View.DONE:
        return state_of(row.approval)
    if foremost is None:
        return State("warn", "filter", _("By rule"))
    facts = {"percent": formats.percent(foremost.percent)}
    is_special = foremost.counted == Counted.SPECIAL
    return State("warn", "filter", (_("%(percent)s special") if is_special else _("%(percent)s off list")) % facts)


def _more_about(revision: QuoteRevision) -> dict[str, Any]:
    return {"quote": revision.quote, "is_asked": open_one(revision) is not None}


desk = Desk(
    url="quotes:inbox",
    item_url="quotes:inbox-item",
    templates="quotes/inbox",
    row="revision",
    listing_of=listing_of,
    find=find,
    list_context=list_context,
    item_context=item_context,
    undo_until=queries.undo_until,
    more_about=_more_about,
)
