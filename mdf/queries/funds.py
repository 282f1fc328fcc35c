"""Funds and the partners that take part in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from mdf.enums import FundStatus, RequestStatus
from mdf.models import ActivityType, FundAllocation, FundBudget, FundProgram, FundRequest
from mdf.models.requests import WAITING
from mdf.queries import ledger
from mdf.queries.ledger import FundMoney
from mdf.rules import eligibility
from mdf.rules.eligibility import Asker
from mdf.rules.ledger import Balances
from partners.models import Partner, Tier, TierMembership
from partners.queries import benefits
from prm import together
from prm.money import Money

IN_REVIEW = (*WAITING, RequestStatus.INFO_REQUESTED)


def rule_of(fund: FundProgram, allocation: FundAllocation | None = None, *, today: date) -> eligibility.Fund:
    """Return what the rules need to know of a fund, as the partner of an allocation may use it."""
    last_day = allocation.last_day if allocation else fund.ends_on
    extended = allocation is not None and allocation.usable_until is not None
    return eligibility.Fund(
        is_open=(fund.is_open or (fund.status == FundStatus.CLOSED and extended)) and today <= last_day,
        starts_on=fund.starts_on,
        ends_on=last_day,
        currency=fund.currency,
        lead_days=fund.lead_days,
        minimum=fund.request_minimum,
        maximum=fund.request_maximum,
        tier_ids=frozenset(fund.tier_ids),
        partner_types=frozenset(fund.partner_types),
        activity_type_ids=frozenset(fund.activity_type_ids),
    )


def asker_of(partner: Partner, available: Decimal | None, on: date) -> Asker:
    """Return what the rules need to know of a partner on a day."""
    held = benefits.held_by(partner, on)
    return Asker(partner.type, UUID(held.tier_id) if held.tier_id else None, available)


def share_percent(fund: FundProgram, partner: Partner, on: date) -> Decimal:
    """Return which part of the costs the vendor pays: the fund's share, or the tier's where that is more."""
    held = benefits.held_by(partner, on).fund_share_percent
    return max(fund.share_percent, held) if held is not None else fund.share_percent


def activity_types(fund: FundProgram | None = None, *, with_inactive: bool = False) -> list[ActivityType]:
    """Return the kinds of activity, or those a fund pays for, in the vendor's order."""
    rows = ActivityType.objects.order_by("position", "name")
    if not with_inactive:
        rows = rows.filter(is_active=True)
    if fund is not None and fund.activity_type_ids:
        rows = rows.filter(pk__in=fund.activity_type_ids)
    return list(rows)


def budget_of(fund: FundProgram) -> Decimal:
    """Return what the vendor set aside for a fund."""
    return FundBudget.objects.filter(fund=fund).values_list("amount", flat=True).first() or Decimal(0)


def _parts(used: Money, approved: Money, asked: Money) -> list[tuple[str, Money]]:
    return [(_("Used"), used), (_("Approved"), approved), (_("In review"), asked)]


@dataclass(frozen=True)
class FundRow:
    """A fund with where its money is."""

    fund: FundProgram
    money: FundMoney
    in_review: Decimal
    partners: int = 0

    @property
    def budget(self) -> Money:
        return Money(self.money.budget, self.fund.currency)

    @property
    def paid(self) -> Money:
        return Money(self.money.partners.consumed, self.fund.currency)

    @property
    def approved(self) -> Money:
        return Money(self.money.partners.reserved, self.fund.currency)

    @property
    def asked(self) -> Money:
        return Money(self.in_review, self.fund.currency)

    @property
    def unallocated(self) -> Money:
        return Money(self.money.unallocated, self.fund.currency)

    @property
    def parts(self) -> list[tuple[str, Money]]:
        """Return what of the budget is used, approved and in review, in words."""
        return _parts(self.paid, self.approved, self.asked)

    @property
    def forfeited(self) -> Money:
        return Money(self.money.partners.forfeited, self.fund.currency)


def rows_of(funds: Iterable[FundProgram]) -> list[FundRow]:
    """Return funds with where their money is, whatever their number in two questions; for the vendor's people."""
    funds = list(funds)
    ids = [fund.pk for fund in funds]
    accounts, requests, allocations, budgets = together.fetch(
        ledger.sums_of_funds(ids),
        asked_by(ids, "fund"),
        FundAllocation.objects.filter(fund__in=ids).order_by().values_list("fund_id").annotate(count=Count("pk")),
        FundBudget.objects.filter(fund__in=ids).values_list("fund_id", "amount"),
    )
    money, asked, counts, drafts = ledger.money_in(accounts), dict(requests), dict(allocations), dict(budgets)
    empty = Decimal(0)
    return [
        FundRow(
            fund,
            money.get(fund.pk) or FundMoney(drafts.get(fund.pk, empty), Balances()),
            asked.get(fund.pk, empty),
            counts.get(fund.pk, 0),
        )
        for fund in funds
    ]


def asked_by(ids: Iterable[UUID], by: str) -> QuerySet:
    """Return what requests ask for that are not decided yet, by their fund or allocation."""
    rows = FundRequest.objects.filter(**{f"{by}__in": list(ids)}, status__in=IN_REVIEW)
    return rows.order_by().values_list(f"{by}_id").annotate(total=Sum("asked_amount"))


@dataclass(frozen=True)
class Share:
    """A partner's allocation of a fund: what it had, what of it is where."""

    allocation: FundAllocation
    balances: Balances
    in_review: Decimal

    @property
    def fund(self) -> FundProgram:
        return self.allocation.fund

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self.fund.currency)

    @property
    def total(self) -> Money:
        return self._money(self.balances.credits)

    @property
    def used(self) -> Money:
        """Return what approved claims used up, paid or on its way."""
        return self._money(self.balances.consumed)

    @property
    def paid(self) -> Money:
        return self._money(self.balances.paid)

    @property
    def reserved(self) -> Money:
        return self._money(self.balances.reserved)

    @property
    def asked(self) -> Money:
        return self._money(self.in_review)

    @property
    def available(self) -> Money:
        return self._money(self.balances.available)

    @property
    def forfeited(self) -> Money:
        return self._money(self.balances.forfeited)

    @property
    def kept(self) -> Money:
        """Return what is left of the allocation after what lapsed."""
        return self._money(self.balances.credits - self.balances.forfeited)

    @property
    def parts(self) -> list[tuple[str, Money]]:
        """Return what of it is used, approved and in review, in words; more than is there cannot be shown."""
        return _parts(self.used, self.reserved, self._money(min(self.in_review, self.balances.available)))

    @property
    def free(self) -> Money:
        """Return what is left once everything that is asked for is approved."""
        return self._money(max(self.balances.available - self.in_review, Decimal(0)))


def shares(rows: QuerySet[FundAllocation]) -> list[Share]:
    """Return allocations with their balances, in two questions whatever their number."""
    allocations = list(rows.select_related("fund", "partner"))
    ids = [allocation.pk for allocation in allocations]
    accounts, requests = together.fetch(ledger.accounts_of(ids), asked_by(ids, "allocation"))
    balances, asked = ledger.balances_in(accounts), dict(requests)
    return [
        Share(allocation, balances.get(allocation.pk, Balances()), asked.get(allocation.pk, Decimal(0)))
        for allocation in allocations
    ]


def share_of(allocation: FundAllocation) -> Share:
    """Return one allocation with its balances."""
    return shares(FundAllocation.objects.filter(pk=allocation.pk))[0]


def allocation_of(fund: FundProgram | None, partner_id: UUID | None) -> FundAllocation | None:
    """Return a partner's share of a fund, if it has any."""
    if fund is None or partner_id is None:
        return None
    return FundAllocation.objects.filter(fund=fund, partner=partner_id).select_related("fund").first()


def own_shares(partner_id: UUID | None) -> list[Share]:
    """Return the funds a partner takes part in, those that end first before the others, the closed last."""
    rows = FundAllocation.objects.filter(partner=partner_id).exclude(fund__status=FundStatus.DRAFT)
    found = shares(rows.order_by("fund__ends_on", "fund__name"))
    return sorted(found, key=lambda share: not share.fund.is_open)


def eligible_partners(fund: FundProgram, today: date, *, tiers: Iterable[UUID] = ()) -> list[Partner]:
    """Return the active partners a fund is for, perhaps only those of some tiers, by name."""
    standing = dict(TierMembership.objects.on(today).values_list("partner_id", "tier_id"))
    rule, wanted = rule_of(fund, today=today), set(tiers)
    partners = [partner for partner in Partner.objects.order_by("name", "id") if partner.is_active]
    return [
        partner
        for partner in partners
        if eligibility.may_take_part(rule, Asker(partner.type, standing.get(partner.pk), None))
        and (not wanted or standing.get(partner.pk) in wanted)
    ]


def tiers_by_id(ids: Iterable[UUID]) -> list[Tier]:
    """Return tiers, the highest first."""
    return list(Tier.objects.filter(pk__in=list(ids)).order_by("-rank"))
