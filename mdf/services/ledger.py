"""Writing to the ledger: once per cause, balances in the same transaction, never below zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F, Q

from mdf.enums import AccountKind
from mdf.models import FundAllocation, FundProgram, LedgerAccount, LedgerEntry
from mdf.models.ledger import OF_FUND
from mdf.queries import terms
from mdf.rules.ledger import Movement, Place, changes
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.money import Money
from prm.tenancy.models import TenantModel


class NotCovered(DomainError):
    """More was asked for than the account holds."""


def post(
    movements: Sequence[Movement],
    *,
    fund: FundProgram,
    source: str,
    on: TenantModel,
    by: Membership | None,
    at: datetime,
    reason_code: str = "",
    note: str = "",
) -> list[LedgerEntry]:
    """Move money for the cause that `source` names, in the caller's transaction; doing it again moves nothing.

    `on` is the record that led to it. Raises `NotCovered` if an account would go below zero. Each kind of movement
    occurs once for a source.
    """
    accounts = _accounts(fund, movements)
    entries = [
        LedgerEntry(
            fund=fund,
            allocation_id=movement.allocation,
            partner_path=_path(accounts, movement),
            kind=movement.kind,
            debit=accounts[movement.debit],
            credit=accounts[movement.credit],
            amount=movement.amount,
            currency=fund.currency,
            source=source,
            subject_type=on._meta.label_lower,
            subject_id=on.pk,
            booked_on=terms.today_of_vendor(at),
            at=at,
            by_id=by.user_id if by else None,
            reason_code=reason_code,
            note=note,
        )
        for movement in movements
    ]
    LedgerEntry.objects.bulk_create(entries, ignore_conflicts=True)
    kept = list(LedgerEntry.objects.filter(source=source, kind__in={movement.kind for movement in movements}))
    if {entry.pk for entry in kept} != {entry.pk for entry in entries}:
        return kept  # somebody posted it before; nothing moves twice
    # Always in this order, so that two postings never wait for one another.
    for place, change in sorted(changes(movements).items(), key=lambda item: accounts[item[0]].pk):
        _move(accounts[place], change)
    return entries


def is_posted(source: str) -> bool:
    """Say whether money has moved for a cause before; the caller holds a lock that others also need."""
    return LedgerEntry.objects.filter(source=source).exists()


def open_accounts(fund: FundProgram, allocation: FundAllocation | None = None) -> None:
    """Make the accounts of a fund, or of a partner's allocation in it; doing it again changes nothing."""
    kinds = [kind for kind in AccountKind if (kind in OF_FUND) == (allocation is None)]
    path = allocation.partner_path if allocation else ""
    rows = [
        LedgerAccount(fund=fund, allocation=allocation, partner_path=path, kind=kind, currency=fund.currency)
        for kind in kinds
    ]
    LedgerAccount.objects.bulk_create(rows, ignore_conflicts=True)


def _move(account: LedgerAccount, change: Decimal) -> None:
    """Change a balance where it stays above zero; the condition is checked on the row that others may be changing."""
    row = LedgerAccount.objects.filter(pk=account.pk)
    covered = row if change > 0 or account.kind == AccountKind.SOURCE else row.filter(balance__gte=-change)
    if not covered.update(balance=F("balance") + change):
        held = row.values_list("balance", flat=True).get()
        raise NotCovered(asked=Money(-change, account.currency), held=Money(held, account.currency))


def _accounts(fund: FundProgram, movements: Sequence[Movement]) -> dict[Place, LedgerAccount]:
    places = {place for movement in movements for place in (movement.debit, movement.credit)}
    wanted = Q()
    for place in places:
        wanted |= Q(kind=place.kind, allocation=place.allocation)
    rows = LedgerAccount.objects.filter(wanted, fund=fund)
    found = {Place(AccountKind(row.kind), row.allocation_id): row for row in rows}
    if missing := places - set(found):
        raise LookupError(f"The fund has no such account: {missing}.")
    return found


def _path(accounts: dict[Place, LedgerAccount], movement: Movement) -> str:
    return accounts[movement.debit].partner_path or accounts[movement.credit].partner_path


__all__ = ["NotCovered", "is_posted", "open_accounts", "post"]
