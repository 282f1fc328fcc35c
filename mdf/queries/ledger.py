"""Balances and entries: what each account holds, what led to it, and whether both agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from mdf.enums import AccountKind
from mdf.models import FundAllocation, FundProgram, LedgerAccount, LedgerEntry
from mdf.models.funds import AMOUNT
from mdf.rules.ledger import Balances


def balances_of(allocation: FundAllocation) -> Balances:
    """Return where the money of one allocation is now."""
    return balances_by_allocation([allocation.pk]).get(allocation.pk, Balances())


def balances_by_allocation(ids: Iterable[UUID]) -> dict[UUID, Balances]:
    """Return where the money of each allocation is now, in one question."""
    return balances_in(accounts_of(ids))


def accounts_of(ids: Iterable[UUID]) -> QuerySet:
    """Return what each account of these allocations holds."""
    return LedgerAccount.objects.filter(allocation__in=list(ids)).values_list("allocation_id", "kind", "balance")


def balances_in(rows: Iterable[tuple[UUID, str, Decimal]]) -> dict[UUID, Balances]:
    """Return the same by allocation."""
    found: dict[UUID, dict[str, Decimal]] = {}
    for pk, kind, balance in rows:
        found.setdefault(pk, {})[kind] = balance
    return {pk: Balances.of(kinds) for pk, kinds in found.items()}


@dataclass(frozen=True)
class FundMoney:
    """Where the money of a whole fund is: not yet allocated, and with all partners together."""

    unallocated: Decimal
    partners: Balances

    @property
    def budget(self) -> Decimal:
        return self.unallocated + self.partners.credits

    @property
    def allocated(self) -> Decimal:
        return self.partners.credits


def money_by_fund(ids: Iterable[UUID]) -> dict[UUID, FundMoney]:
    """Return where the money of each fund is now, in one question; for the vendor's people."""
    return money_in(sums_of_funds(ids))


def sums_of_funds(ids: Iterable[UUID]) -> QuerySet:
    """Return what all accounts of one kind hold, for each of these funds."""
    rows = LedgerAccount.objects.filter(fund__in=list(ids)).order_by().values_list("fund_id", "kind")
    return rows.annotate(total=Sum("balance"))


def money_in(rows: Iterable[tuple[UUID, str, Decimal]]) -> dict[UUID, FundMoney]:
    """Return the same by fund."""
    sums: dict[UUID, dict[str, Decimal]] = {}
    for pk, kind, total in rows:
        sums.setdefault(pk, {})[kind] = total
    return {
        pk: FundMoney(kinds.get(AccountKind.UNALLOCATED, Decimal(0)), Balances.of(kinds)) for pk, kinds in sums.items()
    }


def money_of(fund: FundProgram) -> FundMoney:
    """Return where the money of a fund is now."""
    return money_by_fund([fund.pk]).get(fund.pk, FundMoney(Decimal(0), Balances()))


def balances_on(allocation: FundAllocation | None, fund: FundProgram, day: date) -> dict[str, Decimal]:
    """Return what the accounts of an allocation, or of the whole fund, held at the end of a day, by their kind."""
    entries = LedgerEntry.objects.filter(fund=fund, booked_on__lte=day)
    if allocation is not None:
        entries = entries.filter(allocation=allocation)
    held: dict[str, Decimal] = {}
    for side, sign in (("credit__kind", 1), ("debit__kind", -1)):
        for kind, total in entries.order_by().values_list(side).annotate(total=Sum("amount")):
            held[kind] = held.get(kind, Decimal(0)) + sign * total
    return held


def entries_of(fund: FundProgram, allocation: FundAllocation | None = None) -> QuerySet[LedgerEntry]:
    """Return the movements of a fund, or of one partner's share of it, the latest first."""
    rows = LedgerEntry.objects.filter(fund=fund).select_related("debit", "credit", "by", "allocation__partner")
    if allocation is not None:
        rows = rows.filter(allocation=allocation)
    return rows.order_by("-at", "-id")


@dataclass(frozen=True)
class Difference:
    """An account whose balance is not the sum of its entries."""

    account: LedgerAccount
    counted: Decimal


def differences() -> Iterator[Difference]:
    """Count every balance of the current vendor again and yield those that differ."""
    zero = Decimal(0)
    rows = LedgerAccount.objects.select_related("fund").annotate(
        gained=Coalesce(Subquery(_sum_of("credit")), zero, output_field=DecimalField(**AMOUNT)),
        spent=Coalesce(Subquery(_sum_of("debit")), zero, output_field=DecimalField(**AMOUNT)),
    )
    for account in rows.iterator():
        counted = account.gained - account.spent
        if counted != account.balance:
            yield Difference(account, counted)


def _sum_of(side: str) -> QuerySet:
    entries = LedgerEntry.objects.filter(Q(**{side: OuterRef("pk")}), tenant_id=OuterRef("tenant_id"))
    return entries.order_by().values(side).annotate(total=Sum("amount")).values("total")
