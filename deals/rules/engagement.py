"""How a registration takes its course: by the rules of the version in force, and never by a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from deals.enums import Because, CountsFrom, Course, Deemed
from deals.rules.catalogue import ANYTHING
from deals.rules.terms import Terms
from prm.clocks.clock import Promise, Unit
from prm.policies import conditions, rules_reading, rulesets, values
from prm.policies.fields import Catalogue
from prm.policies.periods import WEEKDAYS, Calendar, Duration
from prm.policies.rulesets import Decision, RuleSet
from prm.policies.values import Invalid

NOBODY_RULES: Mapping[str, Any] = {"default": {"decision": Course.PERSON.value}}


@dataclass(frozen=True)
class Ruled:
    """What the rules make of a registration: its course and why, and all that they give, as it is stored."""

    course: Course
    because: Because
    effects: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()  # names of those that matched
    decision: Decision | None = None  # nothing if the version could not be read


def rules_of(body: Mapping[str, Any], catalogue: Catalogue = ANYTHING, *, refuses_retired: bool = False) -> RuleSet:
    """Read the rules of a version; without any, a person decides. Raises `Invalid`."""
    return rules_reading.read(body.get("rules") or NOBODY_RULES, catalogue, refuses_retired=refuses_retired)


def judge(rules: RuleSet, facts: Any, *, is_contested: bool) -> Ruled:
    """Follow the rules. What is uncertain, contested or has approval steps to pass is for a person."""
    decision = rulesets.decide(rules, facts)
    effects = {name: values.body_of(found.value) for name, found in decision.settled.items() if found.value is not None}
    course = Course(decision.value("decision") or Course.PERSON)
    because = Because.RULES
    if not decision.is_certain:
        course, because = Course.PERSON, Because.UNCERTAIN
        effects["deemed"] = Deemed.NONE.value
    elif course == Course.APPROVE and is_contested:
        course, because = Course.PERSON, Because.CONTESTED
    elif course == Course.APPROVE and decision.value("steps"):
        course, because = Course.PERSON, Because.STEPS
    return Ruled(course, because, effects, tuple(rule.name for rule in decision.matched), decision)


def unreadable() -> Ruled:
    """Return what becomes of a registration under rules that cannot be read: a person decides."""
    return Ruled(Course.PERSON, Because.UNCERTAIN, {"decision": Course.PERSON.value})


# -- what follows ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stipulated:
    """What a registration stands under: the terms of its version, and in their place what its rules give."""

    terms: Terms = field(default_factory=Terms)
    effects: Mapping[str, Any] = field(default_factory=dict)

    @property
    def protection(self) -> Duration:
        return self._duration("protection", self.terms.protection_days)

    @property
    def extension(self) -> Duration:
        return self._duration("extension", self.terms.extension_days)

    @property
    def extension_limit(self) -> int:
        return self._whole("extension_limit", self.terms.extension_limit)

    @property
    def counts_from(self) -> CountsFrom:
        return CountsFrom(self.effects.get("protection_from", CountsFrom.APPROVAL))

    @property
    def promise(self) -> Promise:
        """Return within how many business hours or days a decision is promised."""
        if "promise_hours" in self.effects:
            return Promise(self._whole("promise_hours", 0), Unit.HOURS)
        return Promise(self._whole("promise_days", self.terms.decision_business_days))

    @property
    def deemed(self) -> Deemed:
        return Deemed(self.effects.get("deemed", Deemed.NONE))

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(self.effects.get("steps", ()))

    @property
    def reason(self) -> str:
        return str(self.effects.get("reason", "other"))

    @property
    def guidance(self) -> str:
        return str(self.effects.get("guidance", ""))

    def protected_until(self, approved_on: date, submitted_on: date, calendar: Calendar = WEEKDAYS) -> date:
        """Return the last protected day of an approval; never before it, however long the decision took."""
        start = submitted_on if self.counts_from == CountsFrom.SUBMISSION else approved_on
        return max(approved_on, self.protection.from_day(start, calendar))

    def _duration(self, name: str, days: int) -> Duration:
        return values.duration(self.effects[name]) if name in self.effects else Duration(days)

    def _whole(self, name: str, otherwise: int) -> int:
        return max(0, int(Decimal(self.effects[name]))) if name in self.effects else otherwise


# -- what is asked ---------------------------------------------------------------------------------------
def asked(rules: RuleSet) -> frozenset[str]:
    """Return the names of the fields and collections that rules are about: nothing else has to be known."""
    return frozenset(name for rule in rules.rules if rule.when for name in conditions.names(rule.when))


__all__ = ["Invalid", "Ruled", "Stipulated", "asked", "judge", "rules_of", "unreadable"]
