"""What a fund asks of a request: which conditions hold, and which stand in the way. Whoever types sees the same.

The same findings refuse a submission and stand beside the decision, so that nobody is surprised later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from prm.money import Money


class Condition(StrEnum):
    """What the fund and the terms ask of a request."""

    TAKES_PART = "takes_part"
    PARTNER = "partner"
    OPEN = "open"
    ACTIVITY = "activity"
    PERIOD = "period"
    LEAD_TIME = "lead_time"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    COVERED = "covered"


@dataclass(frozen=True)
class Finding:
    """Whether a condition holds, and the facts its sentence needs."""

    condition: Condition
    holds: bool
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        return "ok" if self.holds else "bad"


@dataclass(frozen=True)
class Fund:
    """What the rule needs to know of a fund, as one partner sees it."""

    is_open: bool
    starts_on: date
    ends_on: date
    currency: str
    lead_days: int
    minimum: Decimal | None
    maximum: Decimal | None
    tier_ids: frozenset[UUID]
    partner_types: frozenset[str]
    activity_type_ids: frozenset[UUID]


@dataclass(frozen=True)
class Asker:
    """What the rule needs to know of the partner; without an allocation it has nothing of the fund."""

    type: str
    tier_id: UUID | None
    available: Decimal | None


@dataclass(frozen=True)
class Plan:
    """A request as far as it is typed; what is not typed yet is not judged."""

    activity_type_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    asked: Decimal | None = None


def check(fund: Fund, asker: Asker, plan: Plan, *, today: date) -> list[Finding]:
    """Return every condition that can be judged yet, those that stand in the way first."""
    findings = [
        _takes_part(asker),
        Finding(Condition.OPEN, fund.is_open),
        Finding(Condition.PARTNER, may_take_part(fund, asker)),
        *_activity(fund, plan),
        *_days(fund, plan, today),
        *_amounts(fund, asker, plan),
    ]
    return sorted(findings, key=lambda finding: finding.holds)


def obstacles(findings: Collection[Finding]) -> list[Finding]:
    """Return the conditions that do not hold: any of them keeps a request from being submitted."""
    return [finding for finding in findings if not finding.holds]


def may_take_part(fund: Fund, asker: Asker) -> bool:
    """Say whether the fund is for partners of this type and tier; empty lists are for all."""
    right_type = not fund.partner_types or asker.type in fund.partner_types
    right_tier = not fund.tier_ids or asker.tier_id in fund.tier_ids
    return right_type and right_tier


def share_of(costs: Collection[Money], percent: Decimal) -> list[Money]:
    """Return the vendor's share of each cost line, rounded half-up line by line."""
    return [(cost * (percent / 100)).rounded() for cost in costs]


def earliest_start(today: date, lead_days: int) -> date:
    """Return the first day on which an activity asked for today may start."""
    return today + timedelta(days=lead_days)


def _takes_part(asker: Asker) -> Finding:
    return Finding(Condition.TAKES_PART, asker.available is not None)


def _activity(fund: Fund, plan: Plan) -> list[Finding]:
    if plan.activity_type_id is None:
        return []
    fits = not fund.activity_type_ids or plan.activity_type_id in fund.activity_type_ids
    return [Finding(Condition.ACTIVITY, fits)]


def _days(fund: Fund, plan: Plan, today: date) -> list[Finding]:
    found = []
    if plan.starts_on is not None:
        first = earliest_start(today, fund.lead_days)
        facts = {"first": first, "lead_days": fund.lead_days}
        found.append(Finding(Condition.LEAD_TIME, plan.starts_on >= first, facts))
    if plan.starts_on is not None or plan.ends_on is not None:
        days = [day for day in (plan.starts_on, plan.ends_on) if day is not None]
        inside = all(fund.starts_on <= day <= fund.ends_on for day in days)
        found.append(Finding(Condition.PERIOD, inside, {"from": fund.starts_on, "until": fund.ends_on}))
    return found


def _amounts(fund: Fund, asker: Asker, plan: Plan) -> list[Finding]:
    if not plan.asked:
        return []
    found = []
    if fund.minimum is not None:
        facts = {"limit": Money(fund.minimum, fund.currency)}
        found.append(Finding(Condition.MINIMUM, plan.asked >= fund.minimum, facts))
    if fund.maximum is not None:
        facts = {"limit": Money(fund.maximum, fund.currency)}
        found.append(Finding(Condition.MAXIMUM, plan.asked <= fund.maximum, facts))
    if asker.available is not None:
        facts = {"available": Money(asker.available, fund.currency)}
        found.append(Finding(Condition.COVERED, plan.asked <= asker.available, facts))
    return found
