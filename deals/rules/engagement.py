"""How a registration takes its course: by the rules of the version in force, and never by a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from deals.enums import Because, Contested, CountsFrom, Deemed
from deals.rules.catalogue import ANYTHING
from deals.rules.terms import Terms
from prm.clocks.clock import Promise
from prm.policies import courses, values
from prm.policies.courses import Ruled, asked, unreadable
from prm.policies.fields import Catalogue
from prm.policies.periods import WEEKDAYS, Calendar, Duration
from prm.policies.rulesets import RuleSet
from prm.policies.values import Invalid


def rules_of(body: Mapping[str, Any], catalogue: Catalogue = ANYTHING, *, refuses_retired: bool = False) -> RuleSet:
    """Read the rules of a version; without any, a person decides. Raises `Invalid`."""
    return courses.rules_of(body, catalogue, refuses_retired=refuses_retired)


def judge(rules: RuleSet, facts: Any, *, is_contested: bool, comes_first: Callable[[], bool] = lambda: False) -> Ruled:
    """Follow the rules; where they cannot tell, silence decides nothing either.

    What is contested is for a person, unless the rules approve whoever `comes_first`.
    """
    ruled = courses.judge(rules, facts, is_contested=is_contested)
    if ruled.because == Because.CONTESTED and ruled.effects.get("contested") == Contested.FIRST and comes_first():
        ruled = courses.judge(rules, facts)
    if ruled.because != Because.UNCERTAIN:
        return ruled
    return replace(ruled, effects={**ruled.effects, "deemed": Deemed.NONE.value})


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
    def check_in_days(self) -> int:
        """Return after how many days a partner says again that the deal is alive; 0 asks for nothing."""
        return self._whole("check_in_days", self.terms.check_in_days)

    @property
    def discount(self) -> Decimal | None:
        """Return the percentage off quotes that a rule gives this deal, nothing where the usual one holds."""
        if "discount" not in self.effects:
            return None
        return min(max(Decimal(self.effects["discount"]), Decimal(0)), Decimal(100))

    @property
    def counts_from(self) -> CountsFrom:
        return CountsFrom(self.effects.get("protection_from", CountsFrom.APPROVAL))

    @property
    def promise(self) -> Promise:
        """Return within how many business hours or days a decision is promised."""
        return courses.promise_in(self.effects, self.terms.decision_business_days)

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


__all__ = ["Invalid", "Ruled", "Stipulated", "asked", "judge", "rules_of", "unreadable"]
