"""Money that lapses at the end of a fund's period, reminders before it does, and giving it back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from mdf.enums import EntryKind, FundStatus
from mdf.events import AllocationForfeited, AllocationReinstated, AllocationReminded
from mdf.models import FundAllocation, FundProgram, LedgerEntry
from mdf.queries import funds as queries
from mdf.queries import ledger as balances
from mdf.queries import terms
from mdf.rules import ledger as movements
from mdf.services import ledger
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class DayIsOver(DomainError):
    """Money given back has to be usable for at least a day."""


@service
def forfeit(allocation: FundAllocation, *, at: datetime, by: Membership | None = None) -> bool:
    """Let lapse what a partner has not used of a closed fund; running it again finds nothing to do.

    What it asked for in time stays until the vendor has decided.
    """
    fund = FundProgram.objects.locked(allocation.fund_id)
    allocation = FundAllocation.objects.locked(allocation.pk)
    if fund.status != FundStatus.CLOSED or _is_usable(allocation, terms.today_of_vendor(at)):
        return False
    asked = dict(queries.asked_by([allocation.pk], "allocation")).get(allocation.pk, Decimal(0))
    amount = balances.balances_of(allocation).available - asked
    if amount <= 0:
        return False
    times = LedgerEntry.objects.filter(allocation=allocation, kind=EntryKind.FORFEITURE).count()
    source = f"forfeiture:{allocation.pk}:{times + 1}"
    ledger.post([movements.forfeit(allocation.pk, amount)], fund=fund, source=source, on=allocation, by=by, at=at)
    fact = AllocationForfeited(allocation.pk, fund=fund.name, amount=str(amount), currency=fund.currency)
    record(fact, on=allocation, by=by, at=at)
    return True


@service
def reinstate(
    allocation: FundAllocation,
    amount: Decimal,
    *,
    until: date,
    note: str,
    source: UUID,
    by: Membership,
    at: datetime,
) -> FundAllocation:
    """Give lapsed money back to the partner, to be used until a day.

    Raises `DayIsOver`, and `NotCovered` for more than has lapsed.
    """
    fund = FundProgram.objects.locked(allocation.fund_id)
    allocation = FundAllocation.objects.locked(allocation.pk)
    if until < terms.today_of_vendor(at):
        raise DayIsOver(day=until)
    name = f"reinstatement:{source}"
    if ledger.is_posted(name):
        return allocation
    movement = movements.reinstate(allocation.pk, amount)
    ledger.post([movement], fund=fund, source=name, on=allocation, by=by, at=at, note=note)
    allocation.usable_until, allocation.reminded_days = until, None
    allocation.save(update_fields=["usable_until", "reminded_days"])
    fact = AllocationReinstated(
        allocation.pk,
        fund=fund.name,
        amount=str(amount),
        currency=fund.currency,
        until=until.isoformat(),
        note=note,
    )
    record(fact, on=allocation, by=by, at=at)
    return allocation


@service
def remind(allocation: FundAllocation, *, at: datetime) -> bool:
    """Tell the partner that its money lapses soon, once per mark of the fund's terms."""
    allocation = FundAllocation.objects.select_related("fund__policy").locked(allocation.pk)
    fund, today = allocation.fund, terms.today_of_vendor(at)
    days_left = (allocation.last_day - today).days
    mark = terms.pinned(fund.policy).reminder_due(days_left, allocation.reminded_days)
    if days_left < 0 or mark is None:
        return False
    allocation.reminded_days = mark
    allocation.save(update_fields=["reminded_days"])
    available = balances.balances_of(allocation).available
    if available <= 0:
        return False
    fact = AllocationReminded(
        allocation.pk,
        fund=fund.name,
        amount=str(available),
        currency=fund.currency,
        days_left=days_left,
        until=allocation.last_day.isoformat(),
    )
    record(fact, on=allocation, by=None, at=at)
    return True


def _is_usable(allocation: FundAllocation, today: date) -> bool:
    return allocation.usable_until is not None and today <= allocation.usable_until
