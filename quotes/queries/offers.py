"""An offer as its customer sees it, and where it stands when it can no longer be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prm.documents.models import Document, PrivateDocument
from quotes.enums import Status
from quotes.models import OfferLink, QuoteRevision
from quotes.queries import pricing, resale
from quotes.queries.resale import Offer
from quotes.rules.drift import Drift, Kind


@dataclass(frozen=True)
class Opened:
    """What a link shows; `state` is empty while the offer can be answered."""

    revision: QuoteRevision
    offer: Offer
    state: str
    document: Document | PrivateDocument | None
    gone: list[Drift]


def opened(link: OfferLink, on: date) -> Opened:
    """Return what a link shows on a day."""
    revision = link.revision
    lines = pricing.lines_of(revision.pk)
    state = state_of(link, on)
    drifts = [] if state else pricing.drift_of(revision, lines, on)
    return Opened(
        revision,
        resale.offer_of(revision, lines),
        state,
        document_of(revision),
        [drift for drift in drifts if drift.kind == Kind.UNAVAILABLE],
    )


def state_of(link: OfferLink, on: date) -> str:
    """Return why a link no longer opens an offer that can be answered, or nothing while it does."""
    revision = link.revision
    if revision.status != Status.ISSUED:
        return str(revision.status)
    if not link.is_open:
        return "closed"
    return "expired" if revision.valid_until is not None and revision.valid_until < on else ""


def document_of(revision: QuoteRevision) -> Document | PrivateDocument | None:
    """Return the customer's paper, private or not."""
    pk = revision.resale_document_id
    return PrivateDocument.objects.filter(pk=pk).first() or Document.objects.filter(pk=pk).first()
