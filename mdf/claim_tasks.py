"""What the clock does to claims. Each row is a use case of its own: running twice changes nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mdf.enums import ClaimStatus
from mdf.models import Claim
from mdf.services import claims
from prm.events.schedule import every, for_each_row


@every(minutes=5)
def lapse_unanswered_claims() -> None:
    """Withdraw claims whose question nobody answered in time."""
    for_each_row(unanswered, lambda row, at: claims.lapse(row, at=at))


def unanswered(at: datetime) -> Iterable[Claim]:
    """Return the claims whose question was not answered in time."""
    return Claim.objects.filter(status=ClaimStatus.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")
