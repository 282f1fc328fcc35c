"""Money kept for approved requests, and given back when they need it no more."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mdf.models import FundRequest
from mdf.queries import reservations as queries
from mdf.rules import ledger as movements
from mdf.services import ledger
from prm.accounts.models import Membership
from prm.money import Money


def reserve(request: FundRequest, amount: Decimal, *, source: str, by: Membership | None, at: datetime) -> None:
    """Keep money for a request that is being approved. Raises `NotCovered`."""
    movement = movements.reserve(request.allocation_id, amount)
    ledger.post([movement], fund=request.fund, source=source, on=request, by=by, at=at)


def give_back(request: FundRequest, amount: Decimal, *, source: str, by: Membership | None, at: datetime) -> None:
    """Give back a part of what is reserved for a request."""
    movement = movements.release(request.allocation_id, amount)
    ledger.post([movement], fund=request.fund, source=source, on=request, by=by, at=at)


def release_rest(request: FundRequest, *, by: Membership | None, at: datetime) -> Money:
    """Give back what no claim used, when a request ends; returns how much. Doing it again gives nothing."""
    left = queries.left_of(request)
    if left > 0:
        give_back(request, left, source=f"request:{request.pk}:{request.version}:rest", by=by, at=at)
    return Money(left, request.currency)
