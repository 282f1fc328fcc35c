"""What the first page of a portal says about deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, When
from django.db.models.functions import TruncMonth

from deals.enums import ExtensionStatus, Review, Stage
from deals.models import Amendment, Extension, Registration, Sale, Transfer
from deals.models.registrations import PROTECTED
from deals.queries import amendments, check_ins, inbox, transfers
from deals.queries.registrations import with_lines
from prm import together
from prm.accounts.models import Membership
from prm.approvals import queries as approvals
from prm.disputes import queries as disputes
from prm.money import Money

SOON = timedelta(days=14)
NEXT = timedelta(days=30)
LATELY = timedelta(days=7)
YEAR = timedelta(days=365)
QUARTER = timedelta(days=90)
MOST = 100  # rows that a queue looks at; it shows a few of them
MONTHS = 12


# -- the work that waits ---------------------------------------------------------------------------
def waiting_for_decision(member: Membership, at: datetime, *, decides: bool = True) -> QuerySet[Registration]:
    """Return the registrations that wait for this person's decision, or for that of anybody who `decides`."""
    rows = Registration.objects.visible_to(member).waiting()
    asked = Q(pk__in=approvals.waiting_for(member, at).values("subject_id"))
    return rows.filter(asked | ~inbox.has_steps() if decides else asked)


def waiting_for_answer(member: Membership) -> QuerySet[Registration]:
    """Return the registrations about which the vendor has asked."""
    return Registration.objects.visible_to(member).filter(review=Review.INFO_REQUESTED)


def questions(member: Membership) -> QuerySet[Registration]:
    """Return the deals with a question the partner has to answer, the first to lapse first."""
    rows = Registration.objects.visible_to(member).filter(review=Review.INFO_REQUESTED)
    return rows.order_by("answer_by", "id")[:MOST]


def ending_soon(member: Membership, today: date) -> QuerySet[Registration]:
    """Return the deals that lose their protection within two weeks, the next first; not those with a wish for more."""
    rows = Registration.objects.visible_to(member).protected()
    rows = rows.filter(protected_until__range=(today, today + SOON))
    asked = Extension.objects.filter(status=ExtensionStatus.PENDING, registration=OuterRef("pk"))
    rows = rows.exclude(Exists(asked))
    return rows.order_by("protected_until", "id")[:MOST]


def to_confirm(member: Membership, today: date) -> QuerySet[Registration]:
    """Return the deals that wait for a check-in, the longest missed first, each with its day as `check_in_due_on`."""
    waiting = check_ins.to_confirm(today)
    rows = Registration.objects.visible_to(member).in_force().filter(partner_id=member.partner_id)
    rows = rows.filter(check_ins__in=waiting).annotate(check_in_due_on=F("check_ins__due_on"))
    return rows.order_by("check_in_due_on", "id")[:MOST]


def forgotten_drafts(member: Membership, at: datetime) -> QuerySet[Registration]:
    """Return the drafts this person has not touched for a day."""
    own = Q(entered_by=member.user_id) | Q(entered_by=None, owner=member.user_id)
    rows = Registration.objects.filter(own, review=Review.DRAFT, saved_at__lt=at - timedelta(days=1))
    return rows.order_by("-saved_at", "id")[:MOST]


def lately_rejected(member: Membership, at: datetime) -> QuerySet[Registration]:
    """Return the deals rejected within a week, the latest first."""
    rows = Registration.objects.visible_to(member).filter(review=Review.REJECTED, decided_at__gte=at - LATELY)
    return rows.order_by("-decided_at", "id")[:MOST]


@dataclass(frozen=True)
class Decisions:
    """What waits for the vendor, and how well it kept its promise in the last ninety days."""

    waiting: int
    asked: int  # of those, by an approval step, the person who looks
    late: int
    due_today: int
    lapsing: int
    decided: int
    kept: int


def decisions(member: Membership, at: datetime, end_of_today: datetime) -> Decisions:
    """Count the vendor's decisions; a question lapses when nobody answers it within two days."""
    waiting = Q(review__in=(Review.SUBMITTED, Review.IN_REVIEW))
    asked = waiting & Q(pk__in=approvals.waiting_for(member, at).values("subject_id"))
    rows = Registration.objects.visible_to(member).order_by()
    lapsing = Q(review=Review.INFO_REQUESTED, answer_by__lte=at + timedelta(days=2))
    return Decisions(
        **rows.filter(waiting | Q(review=Review.INFO_REQUESTED)).aggregate(
            waiting=Count("id", filter=waiting),
            asked=Count("id", filter=asked),
            late=Count("id", filter=waiting & Q(decide_by__lt=at)),
            due_today=Count("id", filter=waiting & Q(decide_by__gte=at, decide_by__lt=end_of_today)),
            lapsing=Count("id", filter=lapsing),
        ),
        **disputes.kept_since(rows, at - QUARTER),
    )


def wishes() -> tuple[list[Extension], list[Amendment], list[Transfer]]:
    """Return what partners ask for and somebody decides, each kind with the longest waiting first."""
    extensions = Extension.objects.filter(status=ExtensionStatus.PENDING).order_by("asked_at", "id")
    asked = (extensions, amendments.pending(), transfers.asked())
    one, two, three = together.fetch(*(rows.select_related(None)[:MOST] for rows in asked))
    waiting: list[Any] = [*one, *two, *three]
    ids = {row.registration_id for row in waiting}
    deals = Registration.objects.select_related("partner").in_bulk(ids) if ids else {}
    for row in waiting:
        row.registration = deals[row.registration_id]
    return list(one), list(two), list(three)


# -- the figures -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sums:
    """An amount in the vendor's currency, and those in others, which are never added to it."""

    main: Money
    others: tuple[Money, ...] = ()


@dataclass(frozen=True)
class Pipeline:
    """Open deals, those protected and those that lose their protection within a month, and how a year's deals ended."""

    value: Sums
    deals: int
    protected: int
    ending: int
    ending_value: Sums
    won: int
    lost: int

    @property
    def win_rate(self) -> int | None:
        """Return the share won of all that ended, in percent."""
        ended = self.won + self.lost
        return round(100 * self.won / ended) if ended else None

    @property
    def is_empty(self) -> bool:
        return not (self.deals or self.won or self.lost)


def pipeline(member: Membership, currency: str, today: date) -> Pipeline:
    """Count and add up the deals this person sees, in one question."""
    is_open = ~Q(review__in=(Review.DRAFT, Review.REJECTED, Review.WITHDRAWN)) & ~Q(stage__in=(Stage.WON, Stage.LOST))
    protected = Q(protection__in=PROTECTED)
    ending = protected & Q(protected_until__range=(today, today + NEXT))
    ended = Q(closed_on__gte=today - YEAR)
    rows = (
        Registration.objects.visible_to(member)
        .exclude(review=Review.DRAFT)
        .filter(is_open | ended)
        .order_by()
        .values("value_currency")
        .annotate(
            value=Sum("value_amount", filter=is_open),
            deals=Count("id", filter=is_open),
            protected=Count("id", filter=is_open & protected),
            ending=Count("id", filter=ending),
            ending_value=Sum("value_amount", filter=ending),
            won=Count("id", filter=ended & Q(stage=Stage.WON)),
            lost=Count("id", filter=ended & Q(stage=Stage.LOST)),
        )
    )
    found = list(rows)
    counts = {name: sum(row[name] for row in found) for name in ("deals", "protected", "ending", "won", "lost")}
    return Pipeline(
        value=_sums(((row["value_currency"], row["value"]) for row in found), currency),
        ending_value=_sums(((row["value_currency"], row["ending_value"]) for row in found), currency),
        **counts,
    )


def _sums(amounts: Iterable[tuple[str, Decimal | None]], currency: str) -> Sums:
    by_code = {code: amount for code, amount in amounts if amount}
    others = (Money(amount, code) for code, amount in sorted(by_code.items()) if code and code != currency)
    return Sums(Money(by_code.get(currency, Decimal(0)), currency), tuple(others))


@dataclass(frozen=True)
class Closed:
    """What was sold: per month, this year so far, and last year up to the same day."""

    months: tuple[tuple[date, Money], ...]
    others: tuple[Money, ...]
    this_year: Sums
    last_year: Money

    @property
    def is_empty(self) -> bool:
        return not (self.others or any(total for _month, total in self.months))

    @property
    def change(self) -> int | None:
        """Return by how many percent this year is above last year's same time; nothing to compare is None."""
        before = self.last_year.amount
        return round((self.this_year.main.amount / before - 1) * 100) if before else None


def closed(member: Membership, currency: str, today: date) -> Closed:
    """Add up sales by month, in one question."""
    months = months_until(today)
    new_year = date(today.year, 1, 1)
    same_day = _year_before(today)
    rows = (
        sales_seen_by(member)
        .filter(sold_on__gte=date(today.year - 1, 1, 1), sold_on__lte=today)
        .order_by()
        .values("currency", month=TruncMonth("sold_on"))
        .annotate(total=Sum("amount"), by_then=Sum("amount", filter=Q(sold_on__lte=same_day)))
    )
    found = list(rows)
    ours = {row["month"]: row for row in found if row["currency"] == currency}
    zero = Decimal(0)

    def since(first: date) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for row in found:
            if row["month"] >= first:
                sums[row["currency"]] = sums.get(row["currency"], zero) + row["total"]
        return sums

    return Closed(
        months=tuple((month, Money(ours[month]["total"] if month in ours else zero, currency)) for month in months),
        others=_sums(since(months[0]).items(), currency).others,
        this_year=_sums(since(new_year).items(), currency),
        last_year=Money(sum((row["by_then"] or zero for row in ours.values()), zero), currency),
    )


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def months_until(today: date) -> list[date]:
    """Return the first days of the last twelve months, this one included."""
    count = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)]


def sales_seen_by(member: Membership) -> QuerySet[Sale]:
    """Return the sales of the firm, or of one's own deals for those who see no more."""
    rows = Sale.objects.standing()
    own_only = member.is_partner and member.sees == Membership.Sees.OWN
    return rows.filter(registration__owner_id=member.user_id) if own_only else rows


# -- the deals in motion ---------------------------------------------------------------------------
def in_motion(member: Membership, most: int) -> list[Registration]:
    """Return open deals: a partner's by the end of their protection, for the vendor the latest touched."""
    rows = with_lines(Registration.objects.visible_to(member)).open().exclude(review=Review.DRAFT)
    if member.is_vendor:
        return list(rows.order_by("-saved_at", "-id")[:most])
    ends = Case(When(protection__in=PROTECTED, then=F("protected_until")))
    return list(rows.order_by(ends.asc(nulls_last=True), "-saved_at", "-id")[:most])
