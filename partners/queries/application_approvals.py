"""The steps that rules name for an application, also before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partners.models import Application
from partners.queries import facts
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION
from prm.approvals import plans, steps
from prm.approvals.plans import Plan
from prm.policies import following
from prm.policies.values import Invalid


def plan_for(body: Mapping[str, Any], effects: Mapping[str, Any]) -> Plan:
    """Return the steps that rules name; none if the version's cannot be read."""
    try:
        known = steps.read(body.get("steps", []), roles=steps.ROLES)
    except Invalid:
        known = ()
    facts = plans.Facts(calendar=str(effects.get("calendar", "")))
    return plans.plan(known, facts, keys=effects.get("steps", ()))


def plan_ahead(application: Application, *, at: datetime) -> Plan | None:
    """Return the steps that a complete application would pass if it were sent now.

    Nothing if there are none, or nobody can tell without what applicants do not know.
    """
    known = lambda asked: facts.facts_of(application, at=at, asked=asked)  # noqa: E731
    found = following.foreseen(APPLICATION, today_of_vendor(at), known)
    plan = plan_for(found[0], found[1].effects) if found else None
    return plan if plan and plan.steps else None
