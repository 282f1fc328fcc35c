"""The revision that a quote's page shows: the latest, or an earlier one that is asked for."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from partners.enums import PartnerType
from partners.models import Partner
from quotes.models import QuoteRevision

AT_VENDORS_PRICE = (PartnerType.SALES_AGENT, PartnerType.REFERRAL)


def find(request: HttpRequest, pk: UUID) -> QuoteRevision:
    """Return the latest revision that this person may see, or the one asked for by number; else nothing is here."""
    number = request.GET.get("revision", "")
    rows = QuoteRevision.objects.visible_to(request.member)
    if number.isdecimal() and len(number) < 5:
        rows = rows.filter(number=int(number))
    else:
        rows = QuoteRevision.objects.latest_for(request.member)
    return _first(rows, pk)


def find_own(request: HttpRequest, pk: UUID) -> QuoteRevision:
    """Return the latest revision of a quote of one's own firm; distributors look, but do not act."""
    rows = QuoteRevision.objects.latest_for(request.member)
    return _first(rows.filter(quote__partner_id=request.member.partner_id), pk)


def _first(rows: QuerySet[QuoteRevision], pk: UUID) -> QuoteRevision:
    rows = rows.select_related("quote__partner", "quote__owner", "quote__registration", "policy", "issued_by")
    found = rows.filter(quote_id=pk).first()
    if found is None:
        raise Http404
    return found


def go_to(request: HttpRequest, revision: QuoteRevision) -> HttpResponse:
    """Go to the quote's page."""
    return redirect("quotes:quote", revision.quote_id)


def may_resell(partner: Partner) -> bool:
    """Say whether a partner asks its own prices; agents and those who refer quote at the vendor's."""
    return partner.type not in AT_VENDORS_PRICE
