"""What quotes and orders add to the search."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from prm.accounts.models import Membership
from prm.ui import formats, navigation
from quotes import permissions
from quotes.models import Order, QuoteRevision
from quotes.queries import search

SHOWN = 6


@navigation.search
def quotes(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the quotes that fit, the latest first."""
    if not member.has(permissions.can_see):
        return []
    rows = QuoteRevision.objects.latest_for(member).filter(quote_id__in=search.quotes(text))
    rows = rows.select_related("quote__partner").order_by("-saved_at", "-id")[:SHOWN]
    return [
        {
            "group": _("Quotes"),
            "label": row.quote.customer_name or _("No customer yet"),
            "note": ", ".join(
                filter(None, [row.quote.number, _firm(row, member), formats.money(row.net), row.get_status_display()])
            ),
            "url": reverse("quotes:quote", args=[row.quote_id]),
            "icon": "quote",
        }
        for row in rows
    ]


@navigation.search
def orders(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the orders of the quotes that fit, and those with exactly this number, the latest first."""
    if not member.has(permissions.can_see_orders):
        return []
    fits = Q(quote_id__in=search.quotes(text)) | Q(number=text.strip().upper()) | Q(purchase_order=text.strip())
    rows = Order.objects.visible_to(member).filter(fits).select_related("quote", "partner")
    return [
        {
            "group": _("Orders"),
            "label": row.quote.customer_name,
            "note": ", ".join([row.number, formats.money(row.net), row.get_status_display()]),
            "url": reverse("quotes:order", args=[row.pk]),
            "icon": "product",
        }
        for row in rows.order_by("-ordered_at", "-id")[:SHOWN]
    ]


def _firm(row: QuoteRevision, member: Membership) -> str:
    return "" if row.quote.partner_id == member.partner_id else row.quote.partner.name
