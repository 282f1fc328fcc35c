"""What the customer says to an offer, on its link or through the partner: exactly one answer counts."""

from __future__ import annotations

from datetime import datetime

from deals.queries.terms import today_of_vendor
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from quotes.enums import Action, Status
from quotes.events import QuoteAccepted, QuoteDeclined
from quotes.models import OfferLink, Order, QuoteRevision
from quotes.queries import pricing
from quotes.services import links, orders
from quotes.services.moves import NotPossible, locked, move


class NoLongerOpen(DomainError):
    """The offer was answered, replaced, withdrawn or has expired; `state` says which."""


@service
def accept(
    revision: QuoteRevision,
    *,
    name: str,
    at: datetime,
    email: str = "",
    purchase_order: str = "",
    by: Membership | None = None,
    link: OfferLink | None = None,
    address: str = "",
) -> Order:
    """Take the customer's yes and make the order of it; `by` is who of the partner records it, nobody on the link.

    However many say yes at once, one order is made. Raises `NoLongerOpen`.
    """
    revision = _answered(revision, Action.ACCEPT, link, at)
    revision.answered_name, revision.answered_email = name, email
    revision.purchase_order = purchase_order
    _keep(revision, by=by, at=at, address=address)
    today = today_of_vendor(at)
    drifts = pricing.drift_of(revision, pricing.lines_of(revision.pk), today)
    order = orders.place(revision, today=today, by=by, at=at)
    fact = QuoteAccepted(
        revision.quote_id,
        revision.number,
        order_id=order.pk,
        order=order.number,
        amount=str(order.net_total),
        currency=order.currency,
        customer="" if by else name,
        purchase_order=purchase_order,
        drifted=len(drifts),
    )
    record(fact, on=revision.quote, by=by, at=at)
    return order


@service
def decline(
    revision: QuoteRevision,
    *,
    reason_code: str,
    at: datetime,
    note: str = "",
    name: str = "",
    by: Membership | None = None,
    link: OfferLink | None = None,
    address: str = "",
) -> QuoteRevision:
    """Take the customer's no with its reason. Raises `NoLongerOpen`."""
    revision = _answered(revision, Action.DECLINE, link, at)
    revision.answered_name, revision.reason_code, revision.note = name, reason_code, note
    _keep(revision, by=by, at=at, address=address)
    fact = QuoteDeclined(
        revision.quote_id, revision.number, reason_code=reason_code, note=note, customer="" if by else name
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


def _answered(revision: QuoteRevision, action: Action, link: OfferLink | None, at: datetime) -> QuoteRevision:
    """Return the revision, locked and moved, or refuse: the link was closed, or the last day is over."""
    revision = locked(revision)
    is_closed = link is not None and not OfferLink.objects.filter(pk=link.pk, closed_at__isnull=True).exists()
    if revision.status == Status.ISSUED and is_closed:
        raise NoLongerOpen(revision=revision, state="closed")
    if revision.status == Status.ISSUED and revision.valid_until and revision.valid_until < today_of_vendor(at):
        raise NoLongerOpen(revision=revision, state=Status.EXPIRED.value)
    try:
        move(revision, action)
    except NotPossible as error:
        raise NoLongerOpen(revision=revision, state=revision.status) from error
    return revision


def _keep(revision: QuoteRevision, *, by: Membership | None, at: datetime, address: str) -> None:
    revision.answered_at = revision.saved_at = at
    revision.answered_for_id = by.user_id if by else None
    revision.answered_from = address
    revision.save()
    links.close_all(revision, at=at)
