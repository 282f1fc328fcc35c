"""What the rules made of a registration, in words: all of it for the vendor, what it discloses for the partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deals.enums import Because
from deals.queries.rules import Explained
from deals.rules.catalogue import FOR_VENDOR
from prm.accounts.models import Membership
from prm.policies import telling
from prm.policies.conditions import Other, Total
from prm.policies.evaluation import Outcome, Trace
from prm.policies.fields import Collection, Field
from prm.policies.rulesets import Judged


def told(explained: Explained | None, member: Membership) -> dict[str, Any] | None:
    """Return what a page says of the rules; nothing where there were none to follow."""
    if explained is None or not (explained.ruling.trace or explained.ruling.because == Because.UNCERTAIN):
        return None
    ruling, decision = explained.ruling, explained.decision
    for_vendor = member.is_vendor
    is_open = for_vendor or explained.stipulated.terms.discloses_rules
    judged = [rule for rule in decision.judged if for_vendor or (is_open and _may_be_told(rule))] if decision else []
    shown = judged if for_vendor else [rule for rule in judged if rule.outcome is Outcome.HOLDS]
    return {
        "ruling": ruling,
        "stipulated": explained.stipulated,
        "for_vendor": for_vendor,
        "is_readable": decision is not None,
        "rules": [telling.rule(rule) for rule in shown],
        "missing": telling.missing(judged),
        "conflicts": [found.effect.field.label for found in decision.conflicts] if decision and for_vendor else [],
        "steps": _steps(explained),
    }


def _may_be_told(judged: Judged) -> bool:
    """Say whether a rule gives nothing away: of rivals, and of what the vendor knows of the customer."""
    return judged.trace is None or not any(_is_for_vendor(subject) for subject in _subjects(judged.trace))


def _is_for_vendor(subject: Field | Collection) -> bool:
    return subject.name in FOR_VENDOR or (isinstance(subject, Field) and subject.is_internal)


def _subjects(trace: Trace) -> Iterator[Field | Collection]:
    subject = getattr(trace.condition, "subject", None)
    if subject is not None:
        yield subject.collection if isinstance(subject, Total) else subject
    if isinstance(value := getattr(trace.condition, "value", None), Other):
        yield value.field
    for part in trace.parts:
        yield from _subjects(part)


def _steps(explained: Explained) -> list[str]:
    names = {step["key"]: step["name"] for step in explained.ruling.policy.body.get("steps", ())}
    return [names[key] for key in explained.stipulated.steps if key in names]
