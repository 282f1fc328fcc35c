"""The rules of engagement, one by one: which held for a registration, and which a person has to look at.

The trace decides nothing. It shows whoever decides what the rules see, in the order of its weight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from deals.rules.conflicts import Conflict, Standing
from deals.rules.terms import Grant


class Condition(StrEnum):
    """What the vendor's terms ask of a registration."""

    UNPROTECTED = "unprotected"
    UNCONTESTED = "uncontested"
    COMPLETE = "complete"
    ACTIVE = "active"
    TIMELY = "timely"
    LONGER = "longer"


@dataclass(frozen=True)
class Finding:
    """Whether a condition holds, and the facts its sentence needs."""

    condition: Condition
    holds: bool
    blocks: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        return "ok" if self.holds else "bad" if self.blocks else "warn"


def follow(
    *,
    conflicts: Iterable[Conflict],
    missing: Collection[str],
    activity_days: Collection[date],
    close_on: date | None,
    today: date,
    until: date,
    grant: Grant | None = None,
) -> list[Finding]:
    """Return every condition with its outcome, those that block first; `until` is the last day an approval gives.

    A tier that gives more days than the terms is named after them all.
    """
    conflicts = list(conflicts)
    protected = [conflict for conflict in conflicts if conflict.blocks_approval]
    others = [conflict for conflict in conflicts if conflict.standing != Standing.PROTECTED]
    findings = [
        Finding(Condition.UNPROTECTED, not protected, blocks=True, facts={"conflict": next(iter(protected), None)}),
        Finding(Condition.UNCONTESTED, not others, facts={"count": len(others)}),
        Finding(Condition.COMPLETE, not missing, facts={"missing": tuple(missing)}),
        Finding(
            Condition.ACTIVE,
            bool(activity_days),
            facts={"count": len(activity_days), "last": max(activity_days, default=None)},
        ),
        _timely(close_on, today, until),
    ]
    if grant is not None and grant.tier:
        facts = {"days": grant.days, "tier": grant.tier, "version": grant.program_version}
        findings.append(Finding(Condition.LONGER, True, facts=facts))
    return sorted(findings, key=lambda finding: (finding.holds, not finding.blocks))


def _timely(close_on: date | None, today: date, until: date) -> Finding:
    """Say whether the deal is to close while it would be protected."""
    facts = {"close_on": close_on, "is_past": close_on is None or close_on < today, "until": until}
    return Finding(Condition.TIMELY, close_on is not None and today <= close_on <= until, facts=facts)
