"""What the list of deals, the board and the month have in common: tabs, rows, and the way from one to another."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from deals import permissions
from deals.enums import ProtectionState, Review, Stage
from deals.models import Registration
from deals.queries import check_ins
from deals.queries import registrations as queries
from deals.queries.terms import today_of_vendor
from prm.accounts.models import Membership

VIEWS = ("open", "review", "confirm", "ending", "won", "lost", "drafts", "all")
OWN = ("month", "after", "before")  # parameters of one look, which the others would misread


def view_of(request: HttpRequest) -> str:
    """Return the tab that is asked for."""
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "open"


def rows_of(member: Membership, view: str) -> QuerySet[Registration]:
    """Return the deals of a tab that this person sees."""
    rows = queries.with_lines(Registration.objects.visible_to(member))
    match view:
        case "open":
            return rows.open().exclude(review=Review.DRAFT)
        case "review":
            return rows.filter(review__in=(Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED))
        case "confirm":
            waiting = check_ins.to_confirm(today_of_vendor(timezone.now()))
            return rows.filter(pk__in=waiting.values("registration_id"))
        case "ending":
            return rows.filter(protection=ProtectionState.EXPIRING)
        case "won":
            return rows.filter(stage=Stage.WON)
        case "lost":
            return rows.filter(stage=Stage.LOST)
        case "drafts":
            return rows.filter(review=Review.DRAFT)
    return rows


def views_of(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the tabs."""
    labels = {
        "open": pgettext("state", "Open"),
        "review": _("In review"),
        "confirm": _("To confirm"),
        "ending": _("Ending soon"),
        "won": _("Won"),
        "lost": _("Lost"),
        "drafts": _("Drafts"),
        "all": _("All"),
    }
    shown = [view for view in VIEWS if view != "drafts" or request.member.has(permissions.can_enter)]
    return [{"label": labels[view], "url": f"?view={view}", "current": view == current} for view in shown]


def looks_at(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the ways to look at the same deals, with the filters of this one."""
    params = request.GET.copy()
    for name in [name for name in params if name in OWN or name.startswith("show_")]:
        del params[name]
    query = f"?{params.urlencode()}" if params else ""
    looks = (
        ("list", _("List"), "rows", "deals:registrations"),
        ("board", _("Board"), "board", "deals:registration-board"),
        ("month", _("Calendar"), "calendar", "deals:registration-calendar"),
    )
    return [
        {"label": label, "icon": icon, "url": f"{reverse(name)}{query}", "current": code == current}
        for code, label, icon, name in looks
    ]
