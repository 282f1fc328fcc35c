"""Which decision about a request or a claim went against its partner, and what overturning it can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from mdf.enums import ClaimStatus, RequestStatus
from mdf.events import ClaimFileReturned, ClaimLineJudged
from mdf.models import ApprovalStep, Claim, FundRequest
from mdf.queries import reservations
from mdf.queries import terms as fund_terms
from prm.disputes.models import WAITING, Dispute
from prm.disputes.subjects import Decision, Room
from prm.disputes.terms import Appeals
from prm.events.models import Event
from prm.money import Money

REJECTED, CUT = "rejected", "cut"
JUDGED = (ClaimLineJudged.name, ClaimFileReturned.name)
CUTTABLE = (ClaimStatus.APPROVED, ClaimStatus.SCHEDULED, ClaimStatus.PART_PAID, ClaimStatus.PAID)


def of_request(request: FundRequest) -> Decision | None:
    """Return the rejection, if it was rejected."""
    return _decision(REJECTED, request) if request.status == RequestStatus.REJECTED else None


def of_claim(claim: Claim) -> Decision | None:
    """Return the rejection, or that less was approved than was asked."""
    if claim.status == ClaimStatus.REJECTED:
        return _decision(REJECTED, claim)
    is_cut = claim.status in CUTTABLE and (claim.approved_amount or Decimal(0)) < claim.asked_amount
    return _decision(CUT, claim) if is_cut else None


def appeals_of(subject: FundRequest | Claim) -> Appeals:
    """Return until when it can be appealed, by the terms under which it was decided."""
    terms = fund_terms.pinned(subject.policy)
    return Appeals(terms.appeal_days, terms.appeal_business_days, fund_terms.promise_of(subject).calendar)


def room_of_request(request: FundRequest) -> Room:
    """Return that all that was asked can be given."""
    return Room(Money(Decimal(0), request.currency), Money(request.asked_amount, request.currency))


def room_of_claim(claim: Claim) -> Room:
    """Return what the claim has and can get: what was asked, as far as the request goes."""
    given = claim.approved or Money(Decimal(0), claim.currency)
    left = Money(max(reservations.left_of(claim.request), Decimal(0)), claim.currency)
    return Room(given, min(claim.asked, given + left))


def who_judged(claims: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Return who approved a claim in an earlier step, cut one of its costs or returned a file, with its id."""
    yield from ApprovalStep.objects.filter(subject_id__in=claims).values_list("subject_id", "by_id")
    events = Event.objects.filter(subject_id__in=claims, name__in=JUDGED, by__isnull=False)
    yield from events.values_list("subject_id", "by_id").distinct()


def who_agreed(requests: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Return who approved a request in an earlier step, with its id."""
    return ApprovalStep.objects.filter(subject_id__in=requests).values_list("subject_id", "by_id")


def are_disputed(request: FundRequest) -> bool:
    """Say whether an appeal about a claim for the request waits: what it may still get stays reserved."""
    claims = Claim.objects.filter(request=request).values("pk")
    return Dispute.objects.filter(subject_id__in=claims, status__in=WAITING).exists()


def _decision(kind: str, subject: FundRequest | Claim) -> Decision | None:
    if subject.decided_at is None:
        return None
    return Decision(kind, subject.decided_at, subject.decided_by_id, subject.reason_code, subject.decision_note)
