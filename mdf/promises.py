"""What is promised on both sides about marketing money, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import Claim, FundRequest
from mdf.models.claims import WAITING as CLAIMS_WAITING
from mdf.models.requests import WAITING as REQUESTS_WAITING
from mdf.queries import people
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA, CLAIM
from prm.accounts.models import VendorProfile
from prm.accounts.roles import Role
from prm.clocks.clock import Promise
from prm.disputes import queries as disputes
from prm.policies import courses, following
from prm.promises import cases, kinds, waiting
from prm.promises.kinds import Promised
from prm.promises.measures import Case

PAYABLE = (ClaimStatus.APPROVED, ClaimStatus.SCHEDULED, ClaimStatus.PART_PAID)
PAID = (ClaimStatus.PAID, ClaimStatus.CLAWED_BACK)
CLAIMABLE = (RequestStatus.APPROVED, RequestStatus.COMPLETED, RequestStatus.LAPSED)


def promised() -> Promised:
    return _promised(AREA)


def promised_of_claims() -> Promised:
    return _promised(CLAIM)


def _promised(area: str) -> Promised:
    today = fund_terms.today_of_vendor(timezone.now())
    _version, terms = fund_terms.current(today)
    version = following.in_force(area, today)
    found = following.rules_in(version) if version else None
    deems = bool(found and courses.deems(found))
    return Promised(Promise(terms.decision_business_days), is_usual=bool(found and found.rules), deemed=deems)


def claiming() -> Promised:
    _version, terms = fund_terms.current(fund_terms.today_of_vendor(timezone.now()))
    return Promised(Promise(terms.claim_days), is_usual=True, in_calendar_days=True)


def requests(since: datetime, until: datetime) -> Iterator[Case]:
    rows = disputes.with_first_decision(FundRequest.objects.all())
    return cases.of_rows(rows, since, until, waiting=Q(status__in=REQUESTS_WAITING), dates=cases.FIRST_DECISION)


def claims(since: datetime, until: datetime) -> Iterator[Case]:
    rows = disputes.with_first_decision(Claim.objects.all())
    return cases.of_rows(rows, since, until, waiting=Q(status__in=CLAIMS_WAITING), dates=cases.FIRST_DECISION)


def claimed(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield what could be claimed: by the first claim that was sent, or not at all until the day for it was over."""
    zone = _zone()
    rows = FundRequest.objects.filter(status__in=CLAIMABLE, claim_by__isnull=False)
    rows = rows.annotate(claimed_at=Min("claims__submitted_at"))
    is_near = Q(claimed_at__gte=since, claimed_at__lt=until) | Q(
        claimed_at=None, claim_by__range=_days(since, until, zone)
    )
    for claim_by, claimed_at in (
        rows.filter(is_near).order_by("-claim_by").values_list("claim_by", "claimed_at")[: cases.MOST]
    ):
        yield Case(_end_of(claim_by, zone), claimed_at)


def payment() -> Promised:
    _version, terms = fund_terms.current(fund_terms.today_of_vendor(timezone.now()))
    return Promised(Promise(terms.payment_days), in_calendar_days=True)


def payments(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield approved claims: by the day on which all of one was paid, or not paid until its day was over."""
    zone = _zone()
    near = _days(since, until, zone)
    rows = Claim.objects.filter(pay_by__isnull=False, status__in=(*PAYABLE, *PAID))
    is_near = Q(status__in=PAID, paid_on__range=near) | Q(status__in=PAYABLE, pay_by__range=near)
    for pay_by, paid_on, status in (
        rows.filter(is_near).order_by("-pay_by", "-pk").values_list("pay_by", "paid_on", "status")[: cases.MOST]
    ):
        yield Case(
            _end_of(pay_by, zone), datetime.combine(paid_on, time(), zone) if status in PAID and paid_on else None
        )


def _zone() -> ZoneInfo:
    return ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())


def _days(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[date, date]:
    first, last = (at.astimezone(zone).date() for at in (since, until))
    return first, last


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last instant of a day of the vendor."""
    return datetime.combine(day, time.max, zone)


kinds.vendors("mdf.request", _("Decision on a fund request"), promised=promised, cases=requests, order=30)
kinds.vendors("mdf.claim", _("Decision on a claim"), promised=promised_of_claims, cases=claims, order=40)
kinds.vendors("mdf.payment", _("Payment of an approved claim"), promised=payment, cases=payments, order=45)
kinds.partners("mdf.claim_in_time", _("Claim after a funded activity"), promised=claiming, cases=claimed, order=20)
waiting.declare(
    "mdf.fundrequest",
    page="mdf:inbox-item",
    rows=lambda: FundRequest.objects.waiting(),
    promise=fund_terms.promise_of,
    deciders=lambda row: people.who_decide(row.partner, permissions.can_decide.roles - {Role.FINANCE}),
)
waiting.declare(
    "mdf.claim",
    page="mdf:claim-inbox-item",
    rows=lambda: Claim.objects.waiting(),
    promise=fund_terms.promise_of,
    deciders=lambda row: people.who_decide(row.partner, permissions.can_decide_claims.roles - {Role.FINANCE}),
    title=lambda claim: f"{claim.number} {claim.request.title}",
)
