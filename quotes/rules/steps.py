"""Who has to agree to a quote: the steps that its rules name, the rungs of the discount ladder, or both.

Both run as one approval. Whoever may give more away decides the rungs below, too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from prm.approvals import plans
from prm.approvals import steps as reading
from prm.approvals.plans import Facts, Plan
from prm.approvals.steps import Asked, Means
from prm.approvals.steps import Step as PlanStep
from prm.policies.courses import Because, Course, Ruled
from prm.policies.values import Invalid
from quotes.rules.approvals import Cause, Reason, Step
from quotes.rules.catalogue import Ladder
from quotes.rules.terms import Terms

# What steps can look at: what a partner can change before it asks again.
FACTS = ("lines", "valid_until", "customer", "introduction", "tax")
RUNG = "ladder-"  # what the keys of the ladder's steps begin with; no rule may name one so
SOMEBODY = "somebody"  # the step of quotes that a rule leaves to a person without saying to whom
ANYBODY = (Asked(Means.ROLE, "channel_manager"), Asked(Means.ROLE, "admin"))


def steps_of(body: Mapping[str, Any]) -> tuple[PlanStep, ...]:
    """Return the steps of a version; none if they cannot be read."""
    try:
        return reading.read(body.get("steps", []), roles=reading.ROLES)
    except Invalid:
        return ()


def wanted(
    ruled: Ruled, body: Mapping[str, Any], ladder: Sequence[Step], seen: Mapping[str, Any], somebody: str
) -> tuple[Step, ...]:
    """Return what a quote has to pass: the ladder unless rules say otherwise, and the steps that rules name.

    A quote that a rule leaves to a person, and about which nobody is named, waits for `somebody` who looks after
    partners. `seen` are the facts that steps look at.
    """
    if ruled.course == Course.APPROVE:
        return ()
    keys = ruled.effects.get("steps", ())
    named = [step for step in steps_of(body) if step.key in keys]
    found = [Step("", (_reason(step, seen),), step.key, step.name) for step in named]
    if found and ruled.effects.get("ladder") == Ladder.INSTEAD:
        return tuple(found)
    found = [*ladder, *found]
    is_left_to_somebody = ruled.because == Because.UNCERTAIN or bool(ruled.rules)
    if not found and ruled.course == Course.PERSON and is_left_to_somebody:
        found = [Step("", (_reason(PlanStep(SOMEBODY, somebody, ANYBODY), seen),), SOMEBODY, somebody)]
    return tuple(found)


def plan_for(
    missing: Iterable[Step], body: Mapping[str, Any], terms: Terms, names: Mapping[str, str], facts: Facts
) -> Plan:
    """Return the plan by which missing steps are asked; `names` are those of the ladder's roles."""
    known, found = {step.key: step for step in steps_of(body)}, []
    for step in missing:
        if step.role:
            found.append(_rung(step.role, terms, names[step.role]))
        elif step.key == SOMEBODY:
            found.append(PlanStep(SOMEBODY, step.name, ANYBODY))
        elif step.key in known:
            found.append(known[step.key])
    return plans.plan(found, facts)


def key_of(step: Step) -> str:
    """Return the key of a step in its plan."""
    return f"{RUNG}{step.role}" if step.role else step.key


def _rung(role: str, terms: Terms, name: str) -> PlanStep:
    """Return a rung of the ladder: everybody from this role on may decide it, and the rungs below with it."""
    order = terms.roles
    place = order.index(role)
    above = [role, *(higher for higher in order[place + 1 :])]
    below = frozenset(f"{RUNG}{lower}" for lower in order[:place])
    return PlanStep(f"{RUNG}{role}", name, tuple(Asked(Means.ROLE, one) for one in above), covers=below)


def _reason(step: PlanStep, seen: Mapping[str, Any]) -> Reason:
    return Reason(Cause.RULE, Decimal(0), key=_looked_at(step, seen), name=step.name)


def _looked_at(step: PlanStep, seen: Mapping[str, Any]) -> str:
    """Return what stands for all that a step looks at: once that changes, it is asked again."""
    names: Collection[str] = set(step.looks_at or FACTS)
    if any(asked.up_to for asked in (*step.asked, *step.then)):
        names = {*names, "lines"}  # the amount says who may agree
    looked_at = [step.body(), {name: seen.get(name) for name in sorted(names)}]
    return sha256(json.dumps(looked_at, sort_keys=True, default=str).encode()).hexdigest()
