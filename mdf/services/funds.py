"""The life of a fund: set up, opened with its budget, changed in what may still change, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from mdf.enums import FundStatus
from mdf.events import FundBudgetChanged, FundChanged, FundClosed, FundDrafted, FundOpened
from mdf.models import FundAllocation, FundBudget, FundProgram
from mdf.queries import terms
from mdf.rules import funds as rules
from mdf.rules import ledger as movements
from mdf.services import forfeitures, ledger
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class NameTaken(DomainError):
    """Another fund has this name."""


class FundChangedMeanwhile(DomainError):
    """Somebody saved the fund after this page was opened."""


class NotADraft(DomainError):
    """The fund was opened already."""


class NotOpen(DomainError):
    """The fund is not open, so it cannot be closed."""


class AlreadyOver(DomainError):
    """The fund's period is over, so nobody could use it."""


class NoBudget(DomainError):
    """A fund without money cannot be opened."""


@service
def draft(values: Mapping[str, Any], budget: Decimal, *, by: Membership, at: datetime) -> FundProgram:
    """Set up a fund that nobody sees yet. Raises `NameTaken`."""
    fund = FundProgram(**values, made_by_id=by.user_id)
    _save(fund, force_insert=True)
    FundBudget(fund=fund, amount=budget).save(force_insert=True)
    record(FundDrafted(fund.pk, fund=fund.name), on=fund, by=by, at=at)
    return fund


@service
def change(
    fund: FundProgram,
    values: Mapping[str, Any],
    budget: Decimal,
    *,
    version: int | None,
    by: Membership,
    at: datetime,
) -> FundProgram:
    """Save a fund; of an open one only what was promised to nobody.

    Raises `NameTaken`, `FundChangedMeanwhile`, and `NotCovered` for a budget below what was allocated.
    """
    fund = FundProgram.objects.locked(fund.pk)
    if version is not None and version != fund.version:
        raise FundChangedMeanwhile(fund=fund)
    allowed = rules.changeable(FundStatus(fund.status))
    changed = [name for name in allowed if name in values and getattr(fund, name) != values[name]]
    for name in changed:
        setattr(fund, name, values[name])
    fund.version += 1
    _save(fund)
    if changed:
        record(FundChanged(fund.pk, fund=fund.name, fields=tuple(changed)), on=fund, by=by, at=at)
    _change_budget(fund, budget, by=by, at=at)
    return fund


@service
def open_fund(fund: FundProgram, *, by: Membership, at: datetime) -> FundProgram:
    """Let partners ask for its money: the budget goes into the ledger and the terms are pinned.

    Raises `NotADraft`, `AlreadyOver` and `NoBudget`.
    """
    fund = FundProgram.objects.locked(fund.pk)
    if fund.status != FundStatus.DRAFT:
        raise NotADraft(fund=fund)
    today = terms.today_of_vendor(at)
    if fund.ends_on < today:
        raise AlreadyOver(fund=fund)
    budget = FundBudget.objects.get(fund=fund)
    if not budget.amount:
        raise NoBudget(fund=fund)
    fund.policy, _terms = terms.current(today)
    fund.status, fund.opened_at = FundStatus.OPEN, at
    fund.version += 1
    fund.save()
    ledger.open_accounts(fund)
    ledger.post([movements.budget(budget.amount)], fund=fund, source=f"fund:{fund.pk}", on=fund, by=by, at=at)
    fact = FundOpened(fund.pk, fund=fund.name, amount=str(budget.amount), currency=fund.currency)
    record(fact, on=fund, by=by, at=at)
    return fund


@service
def close(fund: FundProgram, *, by: Membership | None, at: datetime) -> FundProgram:
    """Take no more requests: what partners have not used lapses, approved requests are still paid.

    Raises `NotOpen`. The clock closes a fund after its last day.
    """
    fund = FundProgram.objects.locked(fund.pk)
    if fund.status != FundStatus.OPEN:
        raise NotOpen(fund=fund)
    today = terms.today_of_vendor(at)
    fund.status, fund.closed_at = FundStatus.CLOSED, at
    fund.version += 1
    fund.save()
    record(FundClosed(fund.pk, fund=fund.name, is_ended=fund.ends_on < today), on=fund, by=by, at=at)
    for allocation in FundAllocation.objects.filter(fund=fund).order_by("id"):
        forfeitures.forfeit(allocation, at=at, by=by)
    return fund


@service
def close_ended(fund: FundProgram, *, at: datetime) -> bool:
    """Close a fund whose last day is over; running it again finds nothing to do."""
    fund = FundProgram.objects.locked(fund.pk)
    if not fund.is_open or fund.ends_on >= terms.today_of_vendor(at):
        return False
    close(fund, by=None, at=at)
    return True


def _change_budget(fund: FundProgram, amount: Decimal, *, by: Membership, at: datetime) -> None:
    budget = FundBudget.objects.select_for_update(of=("self",)).get(fund=fund)
    was, budget.amount = budget.amount, amount
    if amount == was or fund.status == FundStatus.CLOSED:
        return
    budget.save(update_fields=["amount"])
    if fund.is_draft:
        return
    source = f"fund:{fund.pk}:budget:{fund.version}"
    ledger.post([movements.change_budget(amount - was)], fund=fund, source=source, on=fund, by=by, at=at)
    fact = FundBudgetChanged(fund.pk, fund=fund.name, amount=str(amount), was=str(was), currency=fund.currency)
    record(fact, on=fund, by=by, at=at)


def _save(fund: FundProgram, **how: Any) -> None:
    try:
        with transaction.atomic():
            fund.save(**how)
    except IntegrityError as error:
        if "fund_names_differ" not in str(error):
            raise
        raise NameTaken(name=fund.name) from error
