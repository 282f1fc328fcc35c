"""What the end of the work with a partner means for its quotes."""

from __future__ import annotations

from collections.abc import Iterator

from partners.models import Partner
from partners.queries.terminations import Ending
from quotes.enums import Status
from quotes.models import QuoteRevision
from quotes.models.quotes import RevisionQuerySet

SENT = (Status.PENDING_APPROVAL, Status.APPROVED, Status.ISSUED)


def endings_of(partner: Partner) -> Iterator[Ending]:
    """Say how many quotes are withdrawn."""
    yield Ending(sent(partner).values("quote_id").distinct().count(), "quotes/terminations/_quotes.html")


def sent(partner: Partner) -> RevisionQuerySet:
    """Return what was handed in and may still become an order."""
    return QuoteRevision.objects.filter(quote__partner=partner, status__in=SENT)
