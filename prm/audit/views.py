"""The audit log of a vendor and the proof that nobody changed it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from prm.accounts.guards import requires
from prm.audit import permissions, queries, words
from prm.audit.lists import EventList
from prm.events.models import Event

WALKED_ON_PAGE = 10_000  # half a second; the command walks everything
SHOWN = 20


@require_GET
@requires(permissions.can_read)
def index(request: HttpRequest) -> HttpResponse:
    """Everything that happened, newest first."""
    return render(request, "audit/index.html", _page(request))


@require_POST
@requires(permissions.can_read)
def verification(request: HttpRequest) -> HttpResponse:
    """Walk the newest part of the chain and say what was found."""
    found = list(queries.findings(last=WALKED_ON_PAGE))
    result = {"findings": found[:SHOWN], "more": max(0, len(found) - SHOWN), "walked": WALKED_ON_PAGE}
    if request.htmx:
        return render(request, "audit/_verification.html", {"result": result, "head": queries.head_of_chain()})
    return render(request, "audit/index.html", _page(request) | {"result": result})


def _page(request: HttpRequest) -> dict[str, Any]:
    listing = EventList(request.GET, Event.objects.select_related("by"))
    positions = queries.positions_of(listing.rows)
    for event in listing.rows:
        event.position = positions.get(event.pk)
        event.sentence = words.sentence(event)
        event.subject_name = words.subject_name(event.subject_type)
    return {"listing": listing, "head": queries.head_of_chain()}
