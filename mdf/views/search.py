"""What marketing funds add to the search."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mdf import permissions
from mdf.models import Claim, FundRequest
from mdf.queries import search
from mdf.queries.claims import with_parts
from prm.accounts.models import Membership
from prm.ui import navigation

SHOWN = 6


@navigation.search
def requests(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the requests that fit, the latest first."""
    if not member.has(permissions.can_see):
        return []
    rows = FundRequest.objects.visible_to(member).filter(search.fitting_requests(text)).select_related("partner")
    return [
        {
            "group": _("Fund requests"),
            "label": row.title or _("No title yet"),
            "note": ", ".join(filter(None, [row.number, _firm(row, member), row.get_status_display()])),
            "url": reverse("mdf:request", args=[row.pk]),
            "icon": "fund",
        }
        for row in rows.order_by("-saved_at", "-id")[:SHOWN]
    ]


@navigation.search
def claims(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the claims that fit by number or activity, the latest first."""
    if not member.has(permissions.can_see):
        return []
    rows = with_parts(Claim.objects.visible_to(member).filter(search.fitting_claims(text)))
    return [
        {
            "group": _("Claims"),
            "label": row.request.title,
            "note": ", ".join(filter(None, [row.number, _firm(row, member), row.get_status_display()])),
            "url": reverse("mdf:claim", args=[row.pk]),
            "icon": "claim",
        }
        for row in rows.order_by("-saved_at", "-id")[:SHOWN]
    ]


def _firm(row: FundRequest | Claim, member: Membership) -> str:
    return "" if row.partner_id == member.partner_id else row.partner.name
