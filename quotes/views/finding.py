"""Finding the quote or order a page is about, for the person who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from quotes.models import Order, QuoteRevision

NEEDED = ("quote__partner", "quote__owner", "quote__registration", "policy")


def find(request: HttpRequest, pk: UUID) -> QuoteRevision:
    """Return the revision if this person may see it; to everybody else it does not exist."""
    found = QuoteRevision.objects.visible_to(request.member).select_related(*NEEDED).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def own(request: HttpRequest, pk: UUID) -> QuoteRevision:
    """Return a revision of one's own firm, or nothing to be found; distributors look, but do not act."""
    revision = find(request, pk)
    if revision.quote.partner_id != request.member.partner_id:
        raise Http404
    return revision


def find_order(request: HttpRequest, pk: UUID) -> Order:
    """Return the order if this person may see it."""
    rows = Order.objects.visible_to(request.member).select_related("partner", "quote__owner", "revision", "moved_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
