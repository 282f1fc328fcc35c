"""A partner's statement: each movement of its money, and where all of it was after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from mdf.enums import AccountKind
from mdf.models import Claim, Clawback, FundAllocation, FundRequest, LedgerAccount, LedgerEntry, Payment
from mdf.rules.ledger import Balances
from prm.money import Money
from prm.tenancy.models import TenantModel


@dataclass(frozen=True)
class Line:
    """A movement, what it did to what is available, and the balances after it."""

    entry: LedgerEntry
    out_of: AccountKind
    into: AccountKind
    balances: Balances

    @property
    def change(self) -> Money | None:
        """Return by how much the available money changed; nothing where it moved among the used."""
        if self.into == AccountKind.AVAILABLE:
            return self.entry.money
        if self.out_of == AccountKind.AVAILABLE:
            return -self.entry.money
        return None

    @property
    def available(self) -> Money:
        return Money(self.balances.available, self.entry.currency)

    @property
    def reserved(self) -> Money:
        return Money(self.balances.reserved, self.entry.currency)

    @property
    def used(self) -> Money:
        return Money(self.balances.consumed, self.entry.currency)


def lines_of(allocation: FundAllocation) -> list[Line]:
    """Return every movement of an allocation, the first first, with the balances after each.

    A partner does not see the fund's own account, at the other end of what it was given: it is in no join here.
    """
    kinds = dict(LedgerAccount.objects.filter(allocation=allocation).values_list("pk", "kind"))
    entries = LedgerEntry.objects.filter(allocation=allocation).select_related("by")
    found, held = [], Balances()
    for entry in entries.order_by("at", "id"):
        out_of, into = (AccountKind(kinds.get(pk, AccountKind.UNALLOCATED)) for pk in (entry.debit_id, entry.credit_id))
        held = _after(held, {out_of: -entry.amount, into: entry.amount})
        found.append(Line(entry, out_of, into, held))
    return found


def _after(held: Balances, changes: dict[AccountKind, Decimal]) -> Balances:
    inside = {kind.value: change for kind, change in changes.items() if kind != AccountKind.UNALLOCATED}
    return replace(held, **{kind: getattr(held, kind) + change for kind, change in inside.items()})


@dataclass(frozen=True)
class Cause:
    """The record that led to a movement, as far as the reader may see it."""

    label: str
    url_name: str
    pk: UUID


def causes_of(entries: Iterable[LedgerEntry]) -> dict[UUID, Cause]:
    """Return what led to each movement, in at most four questions whatever their number."""
    by_type: dict[str, set[UUID]] = {}
    entries = list(entries)
    for entry in entries:
        by_type.setdefault(entry.subject_type, set()).add(entry.subject_id)
    known: dict[UUID, Cause] = {}
    for row in _rows(FundRequest, by_type):
        known[row.pk] = Cause(str(row), "mdf:request", row.pk)
    for row in _rows(Claim, by_type):
        known[row.pk] = Cause(str(row), "mdf:claim", row.pk)
    for model in (Payment, Clawback):
        for row in _rows(model, by_type, "claim"):
            known[row.pk] = Cause(str(row.claim), "mdf:claim", row.claim_id)
    return {entry.pk: known[entry.subject_id] for entry in entries if entry.subject_id in known}


def _rows(model: type[TenantModel], by_type: dict[str, set[UUID]], *related: str) -> Iterable[Any]:
    wanted = by_type.get(model._meta.label_lower)
    if not wanted:
        return []
    rows = model.objects.filter(pk__in=wanted)
    return rows.select_related(*related) if related else rows
