"""What the papers of a quote state: the facts that their templates get, as they were on the day of issue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.money import Money
from quotes.models import QuoteLine, QuoteRevision
from quotes.queries import resale
from quotes.rules import approvals

TITLES = {"quote": _("Quote at purchase prices"), "offer": _("Offer")}


def title(paper: str) -> str:
    """Return what a paper is called, in the language that is active."""
    return str(TITLES[paper])


def number_of(revision: QuoteRevision) -> str:
    """Return the number on a paper; the first revision has the quote's own."""
    number = revision.quote.number
    return number if revision.number == 1 else f"{number}-{revision.number}"


def is_private(revision: QuoteRevision) -> bool:
    """Say whether the customer's prices are the partner's own, out of the vendor's sight."""
    return resale.sells_itself(revision.quote.partner)


def of_quote(revision: QuoteRevision, lines: Iterable[QuoteLine]) -> dict[str, Any]:
    """Return the facts of the partner's copy: the vendor's prices, from the list to the net."""
    currency = revision.quote.currency
    return _common(revision) | {
        "registration": revision.quote.registration.number if revision.quote.registration_id else "",
        "tier": revision.tier_name,
        "lines": [
            _line(line)
            | {
                "list": Money(line.list_unit, currency),
                "percent": approvals.taken_off(line.list_unit, line.net_unit),
                "unit_price": Money(line.net_unit, currency),
                "total": Money(line.net_total, currency),
            }
            for line in lines
        ],
        "list_total": revision.list_price,
        "saved": revision.list_price - revision.net,
        "net": revision.net,
        "tax": revision.tax,
        "gross": revision.gross,
    }


def of_offer(revision: QuoteRevision, lines: Iterable[QuoteLine]) -> dict[str, Any]:
    """Return the facts of the customer's offer: what the customer pays, and nothing of what it costs the partner."""
    offer = resale.offer_of(revision, lines)
    return _common(revision) | {
        "lines": [_line(row.line) | {"unit_price": row.unit, "total": row.total} for row in offer.lines],
        "net": offer.net,
        "tax": offer.tax,
        "gross": offer.gross,
    }


def _common(revision: QuoteRevision) -> dict[str, Any]:
    quote = revision.quote
    place = f"{quote.customer_postcode} {quote.customer_city}".strip()
    return {
        "number": number_of(revision),
        "revision": revision.number,
        "issued_on": revision.issued_at,
        "valid_until": revision.valid_until,
        "customer": [part for part in (quote.customer_name, quote.customer_street, place) if part],
        "country": quote.customer_country,
        "contact": quote.contact_name,
        "partner": quote.partner.name,
        "partner_place": quote.partner.city,
        "partner_website": quote.partner.website,
        "person": quote.owner.name,
        "email": quote.owner.email,
        "introduction": revision.introduction,
        "currency": quote.currency,
        "tax_name": revision.tax_name,
        "tax_percent": revision.tax_percent,
    }


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
    }
