"""What the clock has to do: what has ended, what was not answered or claimed in time, and reminders before that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from mdf.enums import AccountKind, ClaimStatus, FundStatus, RequestStatus
from mdf.models import Claim, FundAllocation, FundProgram, FundRequest, LedgerAccount
from mdf.queries import terms
from mdf.rules.terms import AREA, Terms
from prm.accounts.models import VendorProfile
from prm.policies.courses import Deemed
from prm.policies.models import PolicyVersion

MORNING = time(7)  # nobody is reminded at night


def ended_funds(at: datetime) -> Iterable[FundProgram]:
    """Return open funds whose last day is over at the vendor."""
    return FundProgram.objects.open().filter(ends_on__lt=terms.today_of_vendor(at)).order_by("ends_on", "id")


def to_be_forfeited(at: datetime) -> Iterable[FundAllocation]:
    """Return the shares of closed funds that still hold money, apart from those that were given more time."""
    today = terms.today_of_vendor(at)
    rows = FundAllocation.objects.filter(_holds_money(), fund__status=FundStatus.CLOSED)
    rows = rows.filter(Q(usable_until__isnull=True) | Q(usable_until__lt=today))
    return rows.select_related("fund").order_by("id")


def unanswered_requests(at: datetime) -> Iterable[FundRequest]:
    """Return the requests whose question was not answered in time."""
    return FundRequest.objects.filter(status=RequestStatus.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")


def undecided_requests(at: datetime) -> Iterable[FundRequest]:
    """Return the requests that nobody decided in time, where silence counts as a decision."""
    return (
        FundRequest.objects.waiting().exclude(deemed=Deemed.NONE).filter(decide_by__lt=at).order_by("decide_by", "id")
    )


def undecided_claims(at: datetime) -> Iterable[Claim]:
    """Return the claims that nobody decided in time, where silence counts as a decision."""
    rows = Claim.objects.waiting().exclude(deemed=Deemed.NONE)
    return rows.filter(decide_by__lt=at).order_by("decide_by", "id")


def unclaimed(at: datetime) -> Iterable[FundRequest]:
    """Return the approved requests whose deadline for claims is over."""
    today = terms.today_of_vendor(at)
    return FundRequest.objects.filter(status=RequestStatus.APPROVED, claim_by__lt=today).order_by("claim_by", "id")


def unanswered_claims(at: datetime) -> Iterable[Claim]:
    """Return the claims whose question was not answered in time."""
    return Claim.objects.filter(status=ClaimStatus.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")


def requests_to_be_reminded(at: datetime) -> Iterable[FundRequest]:
    """Return the approved requests that a reminder of their deadline is due for, by the terms each stands under."""
    today = _morning(at)
    if today is None:
        return []
    due = Q(pk__in=[])
    for version, mark in _marks():
        is_near = Q(policy=version, claim_by__lte=today + timedelta(days=mark))
        due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    rows = FundRequest.objects.filter(due, status=RequestStatus.APPROVED, claim_by__gte=today)
    return rows.order_by("claim_by", "id")


def shares_to_be_reminded(at: datetime) -> Iterable[FundAllocation]:
    """Return the shares that hold money which lapses soon, and of which nobody was reminded yet."""
    today = _morning(at)
    if today is None:
        return []
    due = Q(pk__in=[])
    for version, mark in _marks():
        day = today + timedelta(days=mark)
        in_period = Q(usable_until__isnull=True, fund__ends_on__range=(today, day))
        is_near = Q(fund__policy=version) & (in_period | Q(usable_until__range=(today, day)))
        due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    return FundAllocation.objects.filter(_holds_money(), due).order_by("id")


def _marks() -> list[tuple[PolicyVersion, int]]:
    versions = PolicyVersion.objects.filter(area=AREA)
    return [(version, mark) for version in versions for mark in Terms.from_body(version.body).reminder_days]


def _morning(at: datetime) -> date | None:
    """Return the vendor's day once its morning has come."""
    local = at.astimezone(ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get()))
    return local.date() if local.time() >= MORNING else None


def _holds_money() -> Exists:
    accounts = LedgerAccount.objects.filter(kind=AccountKind.AVAILABLE, balance__gt=0)
    return Exists(accounts.filter(allocation=OuterRef("pk")))
