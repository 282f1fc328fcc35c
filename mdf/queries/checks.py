"""A request held against its fund: the same conditions while it is typed, when it is sent and when it is decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mdf.enums import RequestStatus
from mdf.models import FundAllocation, FundProgram, FundRequest
from mdf.queries import funds, ledger
from mdf.rules import eligibility
from mdf.rules.eligibility import Finding, Plan
from partners.models import Partner


def findings(
    fund: FundProgram,
    partner: Partner,
    plan: Plan,
    *,
    today: date,
    allocation: FundAllocation | None,
    keeps: Decimal = Decimal(0),
) -> list[Finding]:
    """Return which conditions of a fund a plan meets; `keeps` is what is reserved for it already."""
    available = ledger.balances_of(allocation).available + keeps if allocation else None
    asker = funds.asker_of(partner, available, today)
    return eligibility.check(funds.rule_of(fund, allocation, today=today), asker, plan, today=today)


def findings_of(request: FundRequest, *, today: date) -> list[Finding]:
    """Return which conditions of its fund a request meets."""
    if request.fund is None:
        return []
    plan = Plan(request.activity_type_id, request.starts_on, request.ends_on, request.asked_amount)
    is_reserved = request.status == RequestStatus.APPROVED and request.approved_amount is not None
    return findings(
        request.fund,
        request.partner,
        plan,
        today=today,
        allocation=request.allocation,
        keeps=request.asked_amount if is_reserved else Decimal(0),
    )
