"""Quotes that wait for approval: the list at the left, one of them with all its prices at the right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from prm.accounts.guards import requires
from prm.approvals import panel
from prm.clocks.hours import day_of
from prm.comments import showing as comments
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
    listing = listing_of(request)
    first = listing.rows[0] if listing.rows else None
    return page(request, listing, find(request, first.pk) if first else None)


@require_GET
@requires(permissions.can_approve)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one quote, as a part of the page or the whole of it."""
    revision = find(request, pk)
    listing = listing_of(request)
    if is_fragment(request):
        response = render(request, "quotes/inbox/_item.html", item_context(request, listing, revision))
        patch_vary_headers(response, ["HX-Request"])
        return response
    return page(request, listing, revision, opened="item")


def page(
    request: HttpRequest,
    listing: InboxList,
    revision: QuoteRevision | None,
    *,
    opened: str = "list",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Answer the whole inbox with one quote open, or none."""
    decided = _decided(request)
    if decided and revision is None:
        opened = "item"  # the last one is decided: on a phone, that is what to see
    context = list_context(request, listing, revision) | {"opened": opened, "decided": decided} | more
    context |= item_context(request, listing, revision) if revision else {"listing": listing}
    response = render(request, "quotes/inbox/inbox.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def listing_of(request: HttpRequest) -> InboxList:
    """Return the list that the address asks for."""
    return InboxList(request.GET, request.member, timezone.now())


def is_fragment(request: HttpRequest) -> bool:
    """Say whether only a part of the page was asked for."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def item_url(revision: QuoteRevision, listing: InboxList) -> str:
    """Return where a quote is, within this list."""
    return reverse("quotes:inbox-item", args=[revision.pk]) + listing.tail


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
        "writing": comments.form_for(revision.quote, request.member, back=item_url(revision, listing)),
        "today": today_of(request),
    }


def list_context(request: HttpRequest, listing: InboxList, revision: QuoteRevision | None) -> dict[str, Any]:
    """Return what the left side shows; the open quote is marked."""
    counts = queries.counts(request.member, listing.at)
    return {
        "listing": listing,
        "groups": _groups(listing, revision),
        "inbox_tabs": [
            {
                "label": view.label,
                "url": f"{reverse('quotes:inbox')}?view={view.value}",
                "count": counts.get(view),
                "current": view == listing.view,
            }
            for view in View
        ],
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
                    "url": item_url(row, listing),
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


def _decided(request: HttpRequest) -> dict[str, Any] | None:
    """What the person has just decided without scripts, while it can be undone."""
    try:
        rows = QuoteRevision.objects.visible_to(request.member).select_related("quote__partner")
        revision = rows.filter(pk=request.GET["decided"]).first()
    except (KeyError, ValidationError):
        return None
    until = queries.undo_until(revision, request.member) if revision else None
    return done(revision) if revision and until and timezone.now() <= until else None


def done(revision: QuoteRevision) -> dict[str, Any]:
    """Return what the words about a decision need."""
    return {"revision": revision, "is_asked": open_one(revision) is not None}
