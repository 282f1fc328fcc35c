"""What of claims and payments is on somebody's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mdf.enums import ClaimStatus, ExtensionStatus, RequestStatus
from mdf.models import Claim, ClaimExtension, FundRequest
from mdf.queries.inbox import mine
from mdf.queries.reservations import RUNNING
from prm.accounts.models import Membership

MOST = 20


@dataclass(frozen=True)
class Decisions:
    """How many claims wait for the vendor, and how many of them are late or due today."""

    waiting: int
    late: int
    due_today: int


def decisions(member: Membership, at: datetime, end_of_today: datetime) -> Decisions:
    """Count what waits for this person, or for anybody while nothing waits for them alone."""
    late, due_today = Q(decide_by__lt=at), Q(decide_by__gte=at, decide_by__lt=end_of_today)
    counts = {"waiting": Q(), "late": late, "due_today": due_today}
    mine_of = {f"mine_{name}": Count("pk", filter=mine(member, at) & which) for name, which in counts.items()}
    all_of = {name: Count("pk", filter=which) for name, which in counts.items()}
    found = Claim.objects.visible_to(member).waiting().aggregate(**all_of, **mine_of)
    whose = "mine_" if found["mine_waiting"] else ""
    return Decisions(**{name: found[f"{whose}{name}"] for name in counts})


def waiting_for(member: Membership, at: datetime) -> QuerySet[Claim]:
    """Return the claims that wait for this person's decision."""
    return Claim.objects.visible_to(member).waiting().filter(mine(member, at))


def waiting_for_answer(member: Membership) -> QuerySet[Claim]:
    """Return the claims of a firm about which the vendor asks."""
    return Claim.objects.visible_to(member).filter(partner=member.partner_id, status=ClaimStatus.INFO_REQUESTED)


def asked(member: Membership) -> QuerySet[Claim]:
    """Return the same with their requests, the first to lapse first."""
    return waiting_for_answer(member).select_related("request").order_by("answer_by", "id")[:MOST]


def drafts(member: Membership) -> QuerySet[Claim]:
    """Return the claims a firm began."""
    rows = Claim.objects.visible_to(member).filter(partner=member.partner_id, status=ClaimStatus.DRAFT)
    return rows.select_related("request").order_by("request__claim_by", "id")[:MOST]


def to_claim(member: Membership, today: date) -> QuerySet[FundRequest]:
    """Return the approved activities of a firm that have begun and that nobody claims yet."""
    running = Claim.objects.filter(request=OuterRef("pk"), status__in=(ClaimStatus.DRAFT, *RUNNING))
    rows = FundRequest.objects.visible_to(member).filter(
        ~Exists(running),
        partner=member.partner_id,
        status=RequestStatus.APPROVED,
        starts_on__lte=today,
        claim_by__gte=today,
    )
    return rows.order_by("claim_by", "id")[:MOST]


def waiting_extensions() -> int:
    """Return how many partners ask for more time."""
    return ClaimExtension.objects.filter(status=ExtensionStatus.PENDING).count()
