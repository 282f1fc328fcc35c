"""What the end of the work with a partner means for its marketing money."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from mdf.enums import RequestStatus
from mdf.models import Claim, FundRequest
from mdf.models.requests import FundRequestQuerySet
from mdf.queries.reservations import RUNNING
from partners.models import Partner
from partners.queries.terminations import Ending

UNDECIDED = (RequestStatus.SUBMITTED, RequestStatus.IN_REVIEW, RequestStatus.INFO_REQUESTED)


def endings_of(partner: Partner) -> Iterator[Ending]:
    """Say how many requests end, and how many claims are still decided before theirs do."""
    rows = open_requests(partner)
    yield Ending(rows.filter(status__in=UNDECIDED).count(), "mdf/terminations/_requests.html")
    approved = rows.filter(status=RequestStatus.APPROVED)
    yield Ending(approved.exclude(_is_claimed()).count(), "mdf/terminations/_reservations.html")
    yield Ending(approved.filter(_is_claimed()).count(), "mdf/terminations/_claims.html")


def open_requests(partner: Partner) -> FundRequestQuerySet:
    """Return what waits for a decision or keeps money of a fund."""
    return FundRequest.objects.filter(partner=partner, status__in=(*UNDECIDED, RequestStatus.APPROVED))


def _is_claimed() -> Exists:
    return Exists(Claim.objects.filter(request=OuterRef("pk"), status__in=RUNNING))
