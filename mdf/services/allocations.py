"""Giving partners their share of a fund, and moving money between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mdf.enums import FundStatus
from mdf.events import AllocationAdjusted, AllocationMade, AllocationTransferred
from mdf.models import FundAllocation, FundProgram
from mdf.rules import ledger as movements
from mdf.services import ledger
from partners.models import Partner
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class FundNotOpen(DomainError):
    """Money of a fund is given out only while it is open."""


class SamePartner(DomainError):
    """Money cannot be moved from a partner to itself."""


@dataclass(frozen=True)
class Grant:
    """How much of a fund a partner is to get."""

    partner: Partner
    amount: Decimal


@service
def allocate(
    fund: FundProgram, grants: Sequence[Grant], *, source: UUID, by: Membership, at: datetime
) -> list[FundAllocation]:
    """Give partners money of an open fund, all of them or none; the same `source` gives once.

    Raises `FundNotOpen`, and `NotCovered` if it is more than is not allocated yet.
    """
    fund = _locked(fund)
    return [_give(fund, grant, source, by=by, at=at) for grant in sorted(grants, key=lambda grant: grant.partner.pk)]


@service
def adjust(
    allocation: FundAllocation, amount: Decimal, *, note: str, source: UUID, by: Membership, at: datetime
) -> FundAllocation:
    """Give a partner more, or with a negative amount take back what it has not used; the partner reads the note.

    Raises `FundNotOpen` and `NotCovered`.
    """
    fund = _locked(allocation.fund)
    allocation = FundAllocation.objects.locked(allocation.pk)
    name = f"adjustment:{source}"
    if ledger.is_posted(name):
        return allocation
    ledger.post(
        [movements.adjust(allocation.pk, amount)], fund=fund, source=name, on=allocation, by=by, at=at, note=note
    )
    fact = AllocationAdjusted(allocation.pk, fund=fund.name, amount=str(amount), currency=fund.currency, note=note)
    record(fact, on=allocation, by=by, at=at)
    return allocation


@service
def transfer(
    allocation: FundAllocation,
    to: Partner,
    amount: Decimal,
    *,
    note: str,
    source: UUID,
    by: Membership,
    at: datetime,
) -> FundAllocation:
    """Move unused money from one partner to another of the same fund; each is told of its own side only.

    Raises `FundNotOpen`, `SamePartner` and `NotCovered`. Returns the allocation that got it.
    """
    fund = _locked(allocation.fund)
    if allocation.partner_id == to.pk:
        raise SamePartner(partner=to)
    allocation = FundAllocation.objects.locked(allocation.pk)
    target = _allocation(fund, to, at)
    if ledger.is_posted(f"transfer:{source}:from"):
        return target
    for side, movement in (
        (allocation, movements.give_up(allocation.pk, amount)),
        (target, movements.receive(target.pk, amount)),
    ):
        is_gain = side is target
        name = f"transfer:{source}:{'to' if is_gain else 'from'}"
        ledger.post([movement], fund=fund, source=name, on=side, by=by, at=at, note=note)
        moved = str(amount if is_gain else -amount)
        fact = AllocationTransferred(side.pk, fund=fund.name, amount=moved, currency=fund.currency, note=note)
        record(fact, on=side, by=by, at=at)
    return target


def _give(fund: FundProgram, grant: Grant, source: UUID, *, by: Membership, at: datetime) -> FundAllocation:
    allocation = _allocation(fund, grant.partner, at)
    name = f"allocation:{source}:{grant.partner.pk}"
    if ledger.is_posted(name):
        return allocation
    movement = movements.allocate(allocation.pk, grant.amount)
    ledger.post([movement], fund=fund, source=name, on=allocation, by=by, at=at)
    fact = AllocationMade(allocation.pk, fund=fund.name, amount=str(grant.amount), currency=fund.currency)
    record(fact, on=allocation, by=by, at=at)
    return allocation


def _allocation(fund: FundProgram, partner: Partner, at: datetime) -> FundAllocation:
    """Return a partner's share of a fund, making it and its accounts the first time."""
    found = FundAllocation.objects.select_for_update(of=("self",)).filter(fund=fund, partner=partner).first()
    if found is not None:
        return found
    made = FundAllocation(fund=fund, partner=partner, partner_path=partner.partner_path, made_at=at)
    made.save(force_insert=True)
    ledger.open_accounts(fund, made)
    return made


def _locked(fund: FundProgram) -> FundProgram:
    fund = FundProgram.objects.locked(fund.pk)
    if fund.status != FundStatus.OPEN:
        raise FundNotOpen(fund=fund)
    return fund
