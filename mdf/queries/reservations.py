"""What is still reserved for a request after the claims that were approved for it."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from mdf.enums import ClaimStatus
from mdf.models import Claim, FundRequest

CONSUMING = (
    ClaimStatus.APPROVED,
    ClaimStatus.SCHEDULED,
    ClaimStatus.PART_PAID,
    ClaimStatus.PAID,
    ClaimStatus.CLAWED_BACK,
)
RUNNING = (ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW, ClaimStatus.INFO_REQUESTED)


def left_of(request: FundRequest) -> Decimal:
    """Return how much of an approved request no claim has used yet."""
    return (request.approved_amount or Decimal(0)) - consumed_by(request)


def consumed_by(request: FundRequest) -> Decimal:
    """Return what approved claims for a request used up."""
    rows = Claim.objects.filter(request=request, status__in=CONSUMING)
    return rows.aggregate(total=Sum("approved_amount"))["total"] or Decimal(0)


def has_running_claims(request: FundRequest) -> bool:
    """Say whether a claim for the request waits for a decision."""
    return Claim.objects.filter(request=request, status__in=RUNNING).exists()
