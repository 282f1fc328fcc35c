"""Who has to agree to a request or a claim: the steps that rules name, or as many people as the terms ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mdf.rules.terms import Terms
from prm.approvals import plans, steps
from prm.approvals.plans import Facts, Plan
from prm.approvals.steps import Asked, Means, Step
from prm.policies.values import Invalid

ROLES = ("admin", "channel_manager", "finance")
# What steps can look at: what a partner may be asked to change.
FACTS = (
    "fund",
    "activity_type",
    "title",
    "starts_on",
    "ends_on",
    "audience",
    "expected_result",
    "expected_leads",
    "expected_revenue",
    "registration",
    "lines",
    "files",
    "custom",
)
CLAIM_FACTS = ("lines", "files", "result", "settled_on", "is_final", "custom")
USUAL = ("usual-1", "usual-2", "usual-3")  # keys of the steps that the terms ask for


def steps_of(body: Mapping[str, Any]) -> tuple[Step, ...]:
    """Read the steps of a version, whoever they name. Raises `Invalid`."""
    return steps.read(body.get("steps", []), roles=ROLES)


def plan_for(
    body: Mapping[str, Any],
    keys: Collection[str],
    terms: Terms,
    facts: Facts,
    names: tuple[str, str, str],
    looks_at: Collection[str] = ("lines",),
) -> Plan:
    """Return what a record has to pass: the steps of these keys, or those of the terms if there are none."""
    try:
        plan = plans.plan(steps_of(body), facts, keys=keys) if keys else None
    except Invalid:
        plan = None
    return plan if plan and plan.steps else usual(terms, facts, names, looks_at)


def usual(terms: Terms, facts: Facts, names: tuple[str, str, str], looks_at: Collection[str] = ("lines",)) -> Plan:
    """Return the steps that the terms ask for by the amount: one, another by somebody else, and finance."""
    needed = terms.approvals_needed(facts.amount.amount) if facts.amount else 1
    anybody = (Asked(Means.ROLE, "channel_manager"), Asked(Means.ROLE, "admin"))
    finance = (Asked(Means.ROLE, "finance"),)
    asked = (anybody, (*anybody, *finance) if needed == 2 else anybody, finance)
    found = [Step(USUAL[n], names[n], asked[n], stage=n + 1, looks_at=frozenset(looks_at)) for n in range(needed)]
    return plans.plan(found, facts)


def is_plain(plan: Plan) -> bool:
    """Say whether anybody who looks after partners may decide alone, so that nobody in particular is asked."""
    return [step.key for step in plan.steps] == [USUAL[0]]
