"""Issuing a quote: from then on it is a promise that nobody changes, with a paper for the partner and its customer."""

from __future__ import annotations

from datetime import date, datetime

from deals.queries.terms import today_of_vendor
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.documents import services as documents
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.notifications.news import reason_of
from quotes.enums import Action, Status
from quotes.events import QuoteExpired, QuoteIssued, QuoteReminded, QuoteSuperseded, QuoteWithdrawn
from quotes.models import PriceStep, QuoteLine, QuoteRevision
from quotes.queries import approvals, papers, pricing
from quotes.queries import terms as quote_terms
from quotes.services import approvals as judged
from quotes.services import links, quotes
from quotes.services.moves import locked, move


class ApprovalMissing(DomainError):
    """Somebody has to approve the discounts first; `roles` says who."""


class RefusedByRules(DomainError):
    """The vendor's rules refuse a quote like this one."""


class PartnerNotActive(DomainError):
    """A suspended or departed partner issues nothing."""


@service
def issue(revision: QuoteRevision, *, by: Membership, at: datetime, version: int | None = None) -> QuoteRevision:
    """Freeze the revision, hold its prices until its last day, and have its papers written.

    An older issued revision is superseded and its link closed. Raises `NotPossible`, `Changed`, `PartnerNotActive`,
    `RefusedByRules`, `ApprovalMissing`, and what `quotes.refuse_unfit` raises: missing facts, or prices that
    have drifted.
    """
    revision = locked(revision)
    partner = Partner.objects.get(pk=revision.quote.partner_id)
    if not partner.is_active:
        raise PartnerNotActive(partner=partner)
    if revision.status == Status.DRAFT:
        judged.judge(revision, at=at)
        move(revision, Action.CLEAR, version=version)
        version = revision.version
    move(revision, Action.ISSUE, version=version)
    lines = pricing.lines_of(revision.pk)
    outlook = approvals.outlook_of(revision, lines, at=at)
    if outlook.refusal:
        raise RefusedByRules(revision=revision, reason=reason_of(outlook.refusal, "quotes"))
    if not outlook.is_clear:
        labels = [step.name or Role(step.role).label for step in outlook.missing]
        raise ApprovalMissing(revision=revision, roles=labels)

    today = today_of_vendor(at)
    revision.valid_until = last_day(revision, today)
    revision.issued_at = revision.saved_at = at
    revision.issued_by_id = by.user_id
    revision.sent_at = revision.sent_at or at
    revision.typed = {}
    revision.save()
    quotes.refuse_unfit(revision, today)
    seal(revision)
    _supersede_others(revision, by=by, at=at)
    _ask_for_papers(revision, lines, by=by, at=at)
    fact = QuoteIssued(
        revision.quote_id,
        revision.number,
        amount=str(revision.net_total),
        currency=revision.quote.currency,
        until=revision.valid_until.isoformat(),
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


def seal(revision: QuoteRevision) -> None:
    """Let nobody add, change or take away lines and their steps again: the database itself refuses it."""
    PriceStep.objects.filter(line__revision=revision).update(is_sealed=True)
    QuoteLine.objects.filter(revision=revision).update(is_sealed=True)
    revision.is_sealed = True
    revision.save(update_fields=["is_sealed"])


def last_day(revision: QuoteRevision, today: date) -> date:
    """Return the day the partner chose, as far as prices are held and the protection reaches."""
    last = quotes.last_day(revision.quote, pricing.pinned(revision), today)
    chosen = revision.valid_until
    return chosen if chosen is not None and today <= chosen <= last else last


def _supersede_others(revision: QuoteRevision, *, by: Membership, at: datetime) -> None:
    others = QuoteRevision.objects.filter(quote=revision.quote_id, status=Status.ISSUED).exclude(pk=revision.pk)
    for other in others.select_for_update(of=("self",)):
        other.quote = revision.quote
        move(other, Action.SUPERSEDE)
        other.save()
        links.close_all(other, at=at)
        fact = QuoteSuperseded(revision.quote_id, other.number, by_revision=revision.number)
        record(fact, on=revision.quote, by=by, at=at)


def _ask_for_papers(revision: QuoteRevision, lines: list[QuoteLine], *, by: Membership, at: datetime) -> None:
    """Ask for the partner's copy at the vendor's prices, and the customer's offer at the partner's own."""
    made = {
        "on": revision,
        "by": by,
        "at": at,
        "number": papers.number_of(revision),
        "language": revision.language,
    }
    copy = documents.request(
        "quotes.quote", facts=papers.of_quote(revision, lines), title=papers.title("quote"), **made
    )
    offer = documents.request(
        "quotes.offer",
        facts=papers.of_offer(revision, lines),
        title=papers.title("offer"),
        is_private=papers.is_private(revision),
        **made,
    )
    revision.document_id, revision.resale_document_id = copy.pk, offer.pk
    revision.save(update_fields=["document_id", "resale_document_id"])


@service
def withdraw(
    revision: QuoteRevision, *, by: Membership | None, at: datetime, note: str = "", is_terminated: bool = False
) -> QuoteRevision:
    """Take a quote back, issued or not; the customer's link says so. Raises `NotPossible`.

    The end of the work with the partner does it too.
    """
    revision = locked(revision)
    move(revision, Action.WITHDRAW)
    judged.give_up(revision, by=by, at=at)
    revision.saved_at = at
    revision.save()
    links.close_all(revision, at=at)
    fact = QuoteWithdrawn(revision.quote_id, revision.number, note=note, is_terminated=is_terminated)
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def expire(revision: QuoteRevision, *, today: date, at: datetime) -> bool:
    """End a quote once its last day is over; running it again finds nothing to do."""
    revision = locked(revision)
    if revision.status != Status.ISSUED or revision.valid_until is None or revision.valid_until >= today:
        return False
    move(revision, Action.EXPIRE)
    revision.save()
    fact = QuoteExpired(revision.quote_id, revision.number, until=revision.valid_until.isoformat())
    record(fact, on=revision.quote, by=None, at=at)
    return True


@service
def remind(revision: QuoteRevision, *, today: date, at: datetime) -> bool:
    """Tell the partner that its offer ends soon, once for each mark; running it again finds nothing to do."""
    revision = locked(revision)
    if revision.status != Status.ISSUED or revision.valid_until is None or revision.valid_until < today:
        return False
    days_left = (revision.valid_until - today).days
    mark = quote_terms.pinned(revision.policy).reminder_due(days_left, revision.reminded_days)
    if mark is None:
        return False
    revision.reminded_days = mark
    revision.save(update_fields=["reminded_days"])
    fact = QuoteReminded(
        revision.quote_id, revision.number, days_left=days_left, until=revision.valid_until.isoformat()
    )
    record(fact, on=revision.quote, by=None, at=at)
    return True
