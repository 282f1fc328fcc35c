"""What stands around every page: navigation, main action, tabs of phones, palette, the person and their portals."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from prm import together
from prm.accounts import memberships
from prm.accounts.links import outside
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.notifications import queries as notifications
from prm.ui import navigation
from prm.ui.navigation import Group, Judged, Page

MAIN_KEY = "n"
BELL = "notifications"
TABS = 4


def of(request: HttpRequest) -> dict[str, Any]:
    """Return what `layouts/portal.html` reads; visitors get nothing, and outside of a portal there is little."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    member = request.member
    if member.pk is None:
        groups = [] if request.vendor or transaction.get_rollback() else _ways_in(request)
        return {"navigation": groups, "tabs": [], "person": {"name": str(user), "note": user.email}}
    # After an error the transaction is lost: its page shows where to go, without figures.
    may_query = not transaction.get_rollback()
    pages = [(page, url) for page in navigation.PAGES if page.is_for(member) and (url := page.url)]
    counts = _counts(member) if may_query else {}
    groups = _groups(pages, counts, request.path)
    main = next((_item(page, url) for page, url in pages if page.is_action and page.key == MAIN_KEY), None)
    portals = _portals(request)
    return {
        "navigation": groups,
        "main_action": main,
        "tabs": [item for group in groups for item in group["items"]][: TABS - bool(main)],
        "palette": _palette(pages),
        "person": {"name": str(user), "note": member.firm or Role(member.role).label},
        "portals": portals,
        "all_vendors": outside("all-vendors") if portals else "",
        "unread": counts.get(BELL, 0),
    }


def _ways_in(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the queue over all vendors and their portals, for somebody who works with several."""
    portals = memberships.portals_of(request.user)
    if len(portals) < 2:
        return []
    url = reverse("all-vendors")
    queue = {"label": _("All vendors"), "url": url, "icon": "inbox", "current": request.path == url}
    places = [{"label": portal.vendor.name, "url": portal.url, "icon": "partner"} for portal in portals]
    return [{"label": "", "items": [queue]}, {"label": _("Your portals"), "items": places}]


def _counts(member: Membership) -> dict[str, int]:
    """Return how much waits on each page, and is new behind the bell: what the apps give, in one query."""
    waiting = {name: found for source in navigation.WAITING for name, found in source(member).items()}
    judged = {name: found for name, found in waiting.items() if isinstance(found, Judged)}
    asked = waiting | {name: found.rows for name, found in judged.items()} | {BELL: notifications.new_of(member)}
    answers = together.ask(asked)
    return answers | {name: found.number(answers[name]) for name, found in judged.items()}


def _groups(pages: list[tuple[Page, str]], counts: dict[str, int], path: str) -> list[dict[str, Any]]:
    places = [(page, url) for page, url in pages if not page.is_action]
    here = _nearest([url for _page, url in places], path)
    groups = []
    for group in Group:
        items = [
            _item(page, url) | {"count": counts.get(page.url_name, 0), "hot": True, "current": url == here}
            for page, url in places
            if page.group == group
        ]
        if items:
            groups.append({"label": group.label, "items": items})
    return groups


def _nearest(urls: list[str], path: str) -> str:
    """Return the page that the address belongs to: the longest beginning; home only for itself."""
    home = reverse("home")
    fitting = [url for url in urls if url == path or (path.startswith(url) and url != home)]
    return max(fitting, key=len, default="")


def _item(page: Page, url: str) -> dict[str, Any]:
    return {"label": page.label, "url": url, "icon": page.icon, "key": page.key.upper()}


def _palette(pages: list[tuple[Page, str]]) -> list[dict[str, Any]]:
    actions = [_item(page, url) for page, url in pages if page.is_action]
    places = [_item(page, url) for page, url in pages if not page.is_action]
    groups = [{"label": _("Actions"), "items": actions}, {"label": _("Pages"), "items": places}]
    return [group for group in groups if group["items"]]


def _portals(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the vendors this person works with; nothing to switch to with only one."""
    portals = request.portals
    return [
        {
            "label": portal.vendor.name,
            "note": portal.membership.firm or Role(portal.membership.role).label,
            "url": portal.url,
            "current": portal.vendor.pk == request.vendor.pk,
        }
        for portal in portals
        if len(portals) > 1
    ]
