"""What becomes of a request or a claim when a decision about it is overturned after an appeal.

The ledger is written as for an ordinary approval, and refuses what the fund does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from mdf.enums import ClaimAction, ClaimStatus, RequestAction, RequestStatus
from mdf.events import ClaimApproved, ClaimRaised, FundRequestCompleted
from mdf.models import Claim, ClaimLine, FundRequest, FundRequestLine
from mdf.queries import claims as queries
from mdf.queries import terms as fund_terms
from mdf.queries.reservations import RUNNING
from mdf.rules import ledger as movements
from mdf.rules.apportion import apportion
from mdf.services import claim_decisions, decisions, ledger, moves, requests, reservations
from mdf.services.claim_decisions import MoreThanReserved
from mdf.services.claim_moves import lock, move
from mdf.services.claims import ClaimRuns, NothingToClaim
from mdf.services.moves import NotPossible
from partners.enums import PartnerStatus
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money


class ClaimedElsewhere(DomainError):
    """Another claim that waits or was approved has one of the invoices or files, which would be paid twice."""


class PartnerGone(DomainError):
    """The work with the partner has ended, so that nothing more is owed."""


@service
def overturn_request(request: FundRequest, *, amount: Decimal, by: Membership, at: datetime, note: str) -> FundRequest:
    """Approve so much of a request that was rejected, each cost in proportion, and reserve it.

    Raises `NotPossible`, and what `decisions.approve` raises.
    """
    request = moves.lock(request)
    if request.partner.status == PartnerStatus.TERMINATED:
        raise NotPossible(request=request, action=RequestAction.APPROVE)
    moves.move(request, RequestAction.REOPEN_REJECTED)
    request.reason_code, request.closed_at = "", None
    request.save()
    lines = list(FundRequestLine.objects.filter(request=request).order_by("position"))
    asked = [Money(line.asked_amount, line.currency) for line in lines]
    parts = apportion(Money(amount, request.currency), asked, asked)
    amounts = {line.pk: part.amount for line, part in zip(lines, parts, strict=True)}
    return decisions.approve(request, amounts, by=by, at=at, note=note, is_final=True)


@service
def overturn_claim(claim: Claim, *, amount: Decimal, by: Membership, at: datetime, note: str) -> Claim:
    """Owe so much in all for a claim that was rejected or cut.

    Raises `ClaimNotPossible`, `ClaimRuns`, `ClaimedElsewhere`, `MoreThanReserved` if the request has not so much left,
    `NotCovered` if it has ended and the money has gone elsewhere meanwhile, `NothingToClaim` if it was cancelled, and
    `PartnerGone` once the work with the partner has ended.
    """
    request, claim = lock(claim)
    if claim.partner.status == PartnerStatus.TERMINATED:
        raise PartnerGone(partner=claim.partner)
    if request.status == RequestStatus.CANCELLED:
        raise NothingToClaim(request=request)
    was, before = ClaimStatus(claim.status), claim.approved_amount or Decimal(0)
    total, more = Money(amount, claim.currency), amount - before
    if was == ClaimStatus.REJECTED:
        _refuse_another(request)
        _refuse_paid_twice(claim)
        move(claim, ClaimAction.REOPEN)
        move(claim, ClaimAction.APPROVE)
    else:
        move(claim, ClaimAction.RAISE)
    _consume(request, claim, more, by=by, at=at)
    _share_out(claim, total, at)
    pay_by = fund_terms.today_of_vendor(at) + timedelta(days=fund_terms.pinned(claim.policy).payment_days)
    if was in (ClaimStatus.REJECTED, ClaimStatus.PAID):
        claim.pay_by = pay_by
    claim.approved_amount = amount
    if was == ClaimStatus.REJECTED:
        claim.decided_by_id, claim.decided_at, claim.reason_code, claim.decision_note = by.user_id, at, "", note
    claim.save()
    _end(request, claim, by=by, at=at)
    assert claim.pay_by is not None
    facts = {"amount": str(amount), "currency": claim.currency, "asked": str(claim.asked_amount)}
    facts |= {"pay_by": claim.pay_by.isoformat()}
    fact = (
        ClaimApproved(claim.pk, was=was.value, note=note, **facts)
        if was == ClaimStatus.REJECTED
        else ClaimRaised(claim.pk, more=str(more), **facts)
    )
    record(fact, on=claim, by=by, at=at)
    return claim


def _refuse_another(request: FundRequest) -> None:
    """Refuse while another claim for the request waits, perhaps for the same costs."""
    running = Claim.objects.filter(request=request, status__in=RUNNING).first()
    if running is not None:
        raise ClaimRuns(claim=running)


def _refuse_paid_twice(claim: Claim) -> None:
    """Refuse what another claim already counts, also one that was sent later."""
    other = queries.rival_of(claim)
    if other is not None:
        raise ClaimedElsewhere(claim=other)


def _consume(request: FundRequest, claim: Claim, more: Decimal, *, by: Membership, at: datetime) -> None:
    """Owe more of what is reserved; what a request that has ended gave back is reserved again first."""
    left = queries.left_of(request)
    if Money(more, claim.currency) > left:
        raise MoreThanReserved(asked=Money(more, claim.currency), reserved=left)
    source = f"claim:{claim.pk}:{claim.version}"
    if request.status != RequestStatus.APPROVED:
        reservations.reserve(request, more, source=f"{source}:again", by=by, at=at)
    movement = movements.consume(claim.allocation_id, more)
    ledger.post([movement], fund=claim.fund, source=source, on=claim, by=by, at=at)


def _share_out(claim: Claim, total: Money, at: datetime) -> None:
    """Keep what each line gets; one that still gets less keeps its reason, or has that of the whole."""
    known = queries.known(claim, at)
    stands = claim_decisions.amounts_of(claim, known, at)
    asked = {row.line.id: row.asked for row in known.assessment.lines}
    amounts: Mapping[UUID, Money] = dict(
        zip(stands, apportion(total, list(stands.values()), [asked[pk] for pk in stands]), strict=True)
    )
    for row in ClaimLine.objects.filter(claim=claim, pk__in=amounts):
        row.approved_amount = amounts[row.pk].amount
        if row.approved_amount == row.asked_amount:
            row.reason_code = row.decision_note = ""
        else:
            row.reason_code = row.reason_code or claim.reason_code or "not_in_plan"
        row.save()


def _end(request: FundRequest, claim: Claim, *, by: Membership, at: datetime) -> None:
    """Complete the request after its last claim; one that lapsed has been claimed for after all."""
    if request.status == RequestStatus.APPROVED and claim.is_final:
        requests.complete(request, by=by, at=at)
    elif request.status == RequestStatus.LAPSED:
        moves.move(request, RequestAction.COMPLETE)
        request.save()
        record(FundRequestCompleted(request.pk), on=request, by=by, at=at)
