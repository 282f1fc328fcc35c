"""What deals add to the search."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deals import permissions
from deals.models import Registration
from deals.queries import search
from prm.accounts.models import Membership
from prm.ui import navigation

SHOWN = 6


@navigation.search
def deals(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the deals that fit, the latest first."""
    if not member.has(permissions.can_see):
        return []
    rows = Registration.objects.visible_to(member).filter(pk__in=search.registrations(text))
    rows = rows.select_related("partner").order_by("-saved_at", "-id")[:SHOWN]
    return [
        {
            "group": _("Deals"),
            "label": row.customer_name or _("No customer yet"),
            "note": ", ".join(filter(None, [row.number, _firm(row, member), row.get_review_display()])),
            "url": reverse("deals:registration", args=[row.pk]),
            "icon": "deal",
        }
        for row in rows
    ]


def _firm(row: Registration, member: Membership) -> str:
    return "" if row.partner_id == member.partner_id else row.partner.name
