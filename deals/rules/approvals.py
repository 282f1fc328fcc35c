"""Who has to agree to a registration: the steps of its version that its rules name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from prm.approvals import plans, steps
from prm.approvals.plans import Facts, Plan
from prm.approvals.steps import Step
from prm.policies.values import Invalid

ROLES = ("admin", "channel_manager", "finance", "executive")
# What steps can look at: what a partner may be asked to change.
FACTS = (
    "type",
    "distributor",
    "source",
    "customer_name",
    "customer_website",
    "customer_tax_id",
    "customer_country",
    "customer_city",
    "contact_name",
    "contact_email",
    "products",
    "value",
    "close_on",
    "starts_on",
    "tender_published_on",
    "reason_to_buy",
    "letter_on",
    "activities",
    "files",
    "custom",
)
_COLUMNS = {"distributor_id": "distributor", "value_amount": "value", "value_currency": "value"}


def steps_of(body: Mapping[str, Any], *, people: Collection[str] | None = None) -> tuple[Step, ...]:
    """Read the steps of a version; with `people`, only who is among them can be named. Raises `Invalid`."""
    return steps.read(body.get("steps", []), roles=ROLES, facts=FACTS, people=people)


def plan_for(body: Mapping[str, Any], keys: Collection[str], facts: Facts) -> Plan | None:
    """Return what a registration has to pass; nothing if the rules name no step that is there and can be read."""
    try:
        plan = plans.plan(steps_of(body), facts, keys=keys)
    except Invalid:
        return None
    return plan if plan.steps else None


def facts_in(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the facts that columns of a registration hold, each once."""
    return tuple(dict.fromkeys(_COLUMNS.get(column, column) for column in columns))
