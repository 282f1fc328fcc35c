"""Steps, plans and people for the tests of approvals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from prm.approvals.plans import Approver, Decision, Facts, Plan, Standing, plan
from prm.approvals.steps import Asked, Means, Step
from prm.clocks.clock import Promise
from prm.money import Money

ROLES = ("admin", "channel_manager", "finance", "executive")
FACTS = Facts()


def eur(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


def role(name: str, up_to: int | None = None) -> Asked:
    return Asked(Means.ROLE, name, None if up_to is None else eur(up_to))


def person(name: object) -> Asked:
    return Asked(Means.PERSON, str(name))


OWNER = Asked(Means.OWNER)


def step(key: str, *asked: Asked, **facts: Any) -> Step:
    return Step(key, facts.pop("name", key.title()), asked or (role("channel_manager"),), **facts)


def within(hours: int, *then: Asked) -> dict[str, Any]:
    return {"within": Promise(hours, "hours"), "then": then}  # type: ignore[arg-type]


def standing(*steps: Step, facts: Facts = FACTS, **more: Any) -> Standing:
    return Standing(plan(steps, facts), **more)


def agreed(before: Standing, user: str, role: str = "channel_manager", **how: Any) -> Standing:
    """How it stands after somebody agreed, who may."""
    turn = before.turn(Approver(user, role), step=how.pop("step", ""))
    decision = Decision(turn.step.key, user, turn.places, **how)  # type: ignore[union-attr]
    return Standing(before.plan, (*before.decisions, decision), before.requester, before.late)


__all__ = ["OWNER", "ROLES", "Plan", "agreed", "eur", "person", "role", "standing", "step", "within"]
