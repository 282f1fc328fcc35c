"""Search: the palette's records while somebody types, and the same as a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from prm.accounts import actions
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.ui import navigation

LONGEST = 100


@require_GET
@requires(actions.ENTER)
def search(request: HttpRequest) -> HttpResponse:
    """Find records, and on the page also what the person may open or do."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    context = {"text": text, "groups": records(request.member, text) if text else []}
    if request.htmx:
        return render(request, "ui/_found.html", context)
    if text:
        context["groups"] = [*pages(request.member, text), *context["groups"]]
    return render(request, "ui/search.html", context)


def records(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return what the apps find, in their groups."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for source in navigation.SEARCHES:
        for row in source(member, text):
            groups.setdefault(str(row["group"]), []).append(row)
    return [{"label": label, "items": rows} for label, rows in groups.items()]


def pages(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the pages and actions whose name holds every word."""
    words = text.lower().split()
    offered = [page for page in navigation.PAGES if page.is_for(member) and page.url]
    items = [
        {"label": page.label, "url": page.url, "icon": page.icon, "key": ""}
        for page in offered
        if all(word in str(page.label).lower() for word in words)
    ]
    return [{"label": _("Pages"), "items": items}] if items else []
