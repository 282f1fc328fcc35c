"""What the first page of a portal says about marketing funds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from mdf.enums import AccountKind, EntryKind, FundStatus, RequestStatus
from mdf.models import FundAllocation, FundRequest, LedgerAccount, LedgerEntry
from mdf.models.requests import WAITING
from mdf.queries import inbox
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.disputes import queries as disputes
from prm.money import Money

LAPSING = timedelta(days=30)
LATELY = timedelta(days=7)
QUARTER = timedelta(days=90)
MOST = 100
MONTHS = 12


def waiting_for_decision(member: Membership, at: datetime) -> QuerySet[FundRequest]:
    """Return the requests that wait for the vendor; for finance, those that wait for its step."""
    rows = FundRequest.objects.visible_to(member).waiting()
    return rows if member.role != Role.FINANCE else rows.filter(inbox.mine(member, at))


def waiting_for_answer(member: Membership) -> QuerySet[FundRequest]:
    """Return the requests about which the vendor has asked."""
    return FundRequest.objects.visible_to(member).filter(status=RequestStatus.INFO_REQUESTED)


def questions(member: Membership) -> QuerySet[FundRequest]:
    """Return the requests with a question the partner has to answer, the first to lapse first."""
    rows = FundRequest.objects.visible_to(member).filter(status=RequestStatus.INFO_REQUESTED)
    return rows.order_by("answer_by", "id")[:MOST]


def lately_rejected(member: Membership, at: datetime) -> QuerySet[FundRequest]:
    """Return the requests rejected within a week, the latest first."""
    rows = FundRequest.objects.visible_to(member).filter(status=RequestStatus.REJECTED, decided_at__gte=at - LATELY)
    return rows.order_by("-decided_at", "id")[:MOST]


def forgotten_drafts(member: Membership, at: datetime) -> QuerySet[FundRequest]:
    """Return the drafts this person has not touched for a day."""
    rows = FundRequest.objects.filter(
        status=RequestStatus.DRAFT, owner_id=member.user_id, saved_at__lt=at - timedelta(days=1)
    )
    return rows.order_by("-saved_at", "id")[:MOST]


@dataclass(frozen=True)
class Lapsing:
    """Money of a partner that lapses soon."""

    allocation: FundAllocation
    amount: Money


def available(partner_id: object) -> QuerySet[LedgerAccount]:
    """Return where a partner has money to plan with."""
    rows = LedgerAccount.objects.filter(allocation__partner=partner_id, kind=AccountKind.AVAILABLE, balance__gt=0)
    return rows.select_related("allocation__fund")


def lapsing(accounts: Iterable[LedgerAccount], today: date) -> list[Lapsing]:
    """Return what of this money lapses within a month, the next first."""
    found = [
        Lapsing(account.allocation, account.money)
        for account in accounts
        if account.allocation and today <= account.allocation.last_day <= today + LAPSING
    ]
    return sorted(found, key=lambda entry: entry.allocation.last_day)


@dataclass(frozen=True)
class Decisions:
    """What waits for the vendor, and how well it kept its promise in the last ninety days."""

    waiting: int
    mine: int
    late: int
    due_today: int
    decided: int
    kept: int


def decisions(member: Membership, at: datetime, end_of_today: datetime) -> Decisions:
    """Count the vendor's decisions about requests."""
    waiting = Q(status__in=WAITING)
    rows = FundRequest.objects.visible_to(member).order_by()
    return Decisions(
        **rows.filter(waiting).aggregate(
            waiting=Count("id", filter=waiting),
            mine=Count("id", filter=waiting & inbox.mine(member, at)),
            late=Count("id", filter=waiting & Q(decide_by__lt=at)),
            due_today=Count("id", filter=waiting & Q(decide_by__gte=at, decide_by__lt=end_of_today)),
        ),
        **disputes.kept_since(rows, at - QUARTER),
    )


@dataclass(frozen=True)
class Holdings:
    """What marketing money there is, in one currency; amounts in others stand beside and are never added up."""

    available: Money
    reserved: Money
    used: Money
    others: tuple[Money, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.available or self.reserved or self.used or self.others)


def money(currency: str, partner_id: object | None = None) -> Holdings:
    """Return where the money of open funds is: of one partner, or of all of them together."""
    rows = LedgerAccount.objects.filter(allocation__isnull=False, fund__status=FundStatus.OPEN)
    if partner_id is not None:
        rows = rows.filter(allocation__partner=partner_id)
    sums: dict[tuple[str, str], Decimal] = {}
    for code, kind, total in rows.order_by().values_list("currency", "kind").annotate(total=Sum("balance")):
        sums[code, kind] = total

    def held(code: str, *kinds: str) -> Money:
        return Money(sum((sums.get((code, kind), Decimal(0)) for kind in kinds), Decimal(0)), code)

    others = sorted({code for code, _kind in sums} - {currency})
    return Holdings(
        available=held(currency, AccountKind.AVAILABLE),
        reserved=held(currency, AccountKind.RESERVED),
        used=held(currency, AccountKind.PAYABLE, AccountKind.PAID),
        others=tuple(amount for code in others if (amount := held(code, AccountKind.AVAILABLE))),
    )


@dataclass(frozen=True)
class Committed:
    """What was approved per month, in one currency."""

    months: tuple[tuple[date, Money], ...]

    @property
    def is_empty(self) -> bool:
        return not any(total for _month, total in self.months)


def committed(currency: str, today: date, partner_id: object | None = None) -> Committed:
    """Return what approvals reserved in each of the last twelve months, less what was given back."""
    months = _months_until(today)
    rows = LedgerEntry.objects.filter(currency=currency, booked_on__gte=months[0])
    rows = rows.filter(kind__in=(EntryKind.RESERVATION, EntryKind.RELEASE))
    if partner_id is not None:
        rows = rows.filter(allocation__partner=partner_id)
    counted = rows.annotate(month=TruncMonth("booked_on")).order_by().values_list("month", "kind")
    sums: dict[date, Decimal] = {}
    for month, kind, total in counted.annotate(total=Sum("amount")):
        sign = 1 if kind == EntryKind.RESERVATION else -1
        sums[month] = sums.get(month, Decimal(0)) + sign * total
    return Committed(tuple((month, Money(sums.get(month, Decimal(0)), currency)) for month in months))


def _months_until(today: date) -> list[date]:
    count = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]
