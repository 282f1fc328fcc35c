"""Makes things of this app for tests, through the services; say only what matters to the test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from mdf.models import ActivityType, FundAllocation, FundProgram, FundRequest
from mdf.queries import ledger as balances
from mdf.rules.ledger import Balances
from mdf.services import allocations, decisions, drafts, funds, requests
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY

_serial = count(1)


def marketer(of: Partner | None = None, **facts: Any) -> Membership:
    return build.member(Role.PARTNER_MARKETING, of=of, **facts)


def values(**facts: Any) -> dict[str, Any]:
    """The terms of a fund over the year, half of the costs, for everybody and everything."""
    return {
        "name": f"Fund {next(_serial)}",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2027, 6, 30),
        "currency": "EUR",
        "share_percent": Decimal(50),
        "lead_days": 14,
        "claim_days": 60,
        **facts,
    }


def draft_fund(budget: int = 10_000, *, at: datetime = MONDAY, **facts: Any) -> FundProgram:
    return funds.draft(values(**facts), Decimal(budget), by=build.member(Role.ADMIN), at=at)


def fund(budget: int = 10_000, *, at: datetime = MONDAY, **facts: Any) -> FundProgram:
    """An open fund."""
    return funds.open_fund(draft_fund(budget, at=at, **facts), by=build.member(Role.ADMIN), at=at)


def allocation(
    amount: int = 5_000, *, of: FundProgram | None = None, to: Partner | None = None, at: datetime = MONDAY
) -> FundAllocation:
    """A partner's share of a fund; a new partner and a new fund unless they are given."""
    grants = [allocations.Grant(to or build.partner(), Decimal(amount))]
    made = allocations.allocate(of or fund(at=at), grants, source=uuid7(), by=build.member(Role.ADMIN), at=at)
    return FundAllocation.objects.select_related("fund", "partner").get(pk=made[0].pk)


def held(share: FundAllocation) -> Balances:
    return balances.balances_of(share)


def activity_type(code: str = "event") -> ActivityType:
    return ActivityType.objects.get(code=code)


def content(share: FundAllocation, costs: Sequence[int] = (3_000, 1_000), **fields: Any) -> drafts.Content:
    """A complete plan: an event in the spring, with a cost for each number."""
    facts = {
        "fund": share.fund,
        "activity_type": activity_type(),
        "title": "Spring roadshow",
        "starts_on": date(2027, 2, 10),
        "ends_on": date(2027, 2, 12),
        "audience": "Plant managers",
        "expected_result": "40 Gäste, 8 Projekte",
        "expected_leads": 8,
        **fields,
    }
    return drafts.Content(facts, [drafts.Line(f"Cost {n}", Decimal(cost)) for n, cost in enumerate(costs, 1)])


def draft(
    share: FundAllocation | None = None, *, by: Membership | None = None, at: datetime = MONDAY, **facts: Any
) -> FundRequest:
    share = share or allocation()
    return drafts.save(uuid7(), content(share, **facts), by=by or marketer(share.partner), at=at)


def submitted(
    share: FundAllocation | None = None, *, by: Membership | None = None, at: datetime = MONDAY, **facts: Any
) -> FundRequest:
    share = share or allocation()
    by, plan = by or marketer(share.partner), content(share, **facts)
    return requests.submit(drafts.save(uuid7(), plan, by=by, at=at), plan, by=by, at=at)


def amounts_of(request: FundRequest, *amounts: int) -> dict[Any, Decimal]:
    """So much for each line, or all that was asked for."""
    lines = list(request.lines.order_by("position"))
    if not amounts:
        return {line.pk: line.asked_amount for line in lines}
    return {line.pk: Decimal(amount) for line, amount in zip(lines, amounts, strict=True)}


def approved(
    share: FundAllocation | None = None,
    *amounts: int,
    by: Membership | None = None,
    at: datetime = MONDAY,
    **facts: Any,
) -> FundRequest:
    """A request of up to 5,000, approved as asked or by line."""
    request = submitted(share, by=by, at=at, **facts)
    return decisions.approve(request, amounts_of(request, *amounts), by=build.manager(), at=at)


def firm_of(member: Membership) -> Partner:
    return Partner.objects.get(pk=member.partner_id)
