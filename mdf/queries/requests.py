"""A request shaped like its page and its lists."""

from __future__ import annotations

from datetime import date
from statistics import median
from uuid import UUID

from django.db.models import QuerySet

from deals.enums import Review
from deals.models import Registration
from mdf.enums import RequestStatus
from mdf.models import Claim, FundProgram, FundRequest, FundRequestLine
from mdf.queries import terms as fund_terms
from mdf.rules.terms import Terms
from prm.accounts.models import Membership

OPEN = (RequestStatus.SUBMITTED, RequestStatus.IN_REVIEW, RequestStatus.INFO_REQUESTED, RequestStatus.APPROVED)
WITH = ("partner", "fund", "activity_type", "policy", "owner", "decided_by", "allocation", "registration")


def lines_of(request: FundRequest) -> list[FundRequestLine]:
    """Return the costs in their order."""
    return list(FundRequestLine.objects.filter(request=request).order_by("position"))


def claims_of(request: FundRequest, member: Membership) -> list[Claim]:
    """Return the claims made for it that this person may see, the first first."""
    return list(Claim.objects.visible_to(member).filter(request=request).order_by("started_at", "id"))


def terms_of(request: FundRequest, today: date) -> Terms:
    """Return the terms a request stands under, or would if it were submitted today."""
    return fund_terms.pinned(request.policy) if request.policy_id else fund_terms.current(today)[1]


def deals_of(partner_id: UUID | None) -> QuerySet[Registration]:
    """Return the deals an activity may be for: those of the firm that are not lost or refused."""
    rows = Registration.objects.filter(partner=partner_id).open().exclude(review=Review.DRAFT)
    return rows.order_by("customer_name", "id")


def usual_days(rows: QuerySet) -> int | None:
    """Return the median days to a decision of the last twenty requests or claims; None under three."""
    decided = rows.filter(decided_at__isnull=False, submitted_at__isnull=False)
    times = decided.order_by("-decided_at").values_list("submitted_at", "decided_at")[:20]
    days = [max(1, round((end - start).total_seconds() / 86400)) for start, end in times]
    return round(median(days)) if len(days) >= 3 else None


def latest_of_fund(fund: FundProgram, member: Membership, most: int) -> list[FundRequest]:
    """Return the requests to a fund, the latest touched first."""
    rows = FundRequest.objects.visible_to(member).filter(fund=fund).select_related("partner", "fund", "activity_type")
    return list(rows.order_by("-saved_at", "-id")[:most])
