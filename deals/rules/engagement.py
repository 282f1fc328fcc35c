"""How a registration takes its course: by the rules of the version in force, and never by a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from deals.enums import Award, Because, Combined, Contested, CountsFrom, Deemed
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


def judge(
    rules: RuleSet, facts: Any, *, is_contested: bool, goes_on: Callable[[Contested], bool] = lambda how: False
) -> Ruled:
    """Follow the rules; where they cannot tell, silence decides nothing either.

    What is contested is for a person, unless the rules say how it `goes_on`, and it can.
    """
    ruled = courses.judge(rules, facts, is_contested=is_contested)
    if ruled.because == Because.CONTESTED and goes_on(Stipulated(effects=ruled.effects).contested):
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
    def research_days(self) -> int:
        """Return how many business days more whoever decides may take once; 0 is none."""
        return self._whole("research_days", 0)

    @property
    def contested(self) -> Contested:
        return Contested(self.effects.get("contested", Contested.PERSON))

    @property
    def entitlement(self) -> str:
        """Return what else the partner gets, in words."""
        return str(self.effects.get("entitlement", ""))

    def points(self, award: Award) -> int | None:
        """Return the points that an approval earns; nothing where no rule gives any."""
        name = "second_points" if award == Award.SECOND else "points"
        return self._whole(name, 0) if name in self.effects else None

    def percent_beside(self, award: Award, first: Stipulated | None) -> Decimal | None:
        """Return the percentage off quotes of a deal that is approved beside others; nothing where the usual one holds.

        A second partner gets what the rules give it itself, and a share of what they give the first: the higher of the
        two, or both, but never more than all.
        """
        if award != Award.SECOND:
            return self.discount
        share = Decimal(self.effects.get("second_share", 0)) / 100
        given = [Decimal(self.effects.get("second_discount", 0)), share * ((first and first.discount) or Decimal(0))]
        is_added = self.effects.get("second_combined") == Combined.ADDED
        found = sum(given, Decimal(0)) if is_added else max(given)
        return min(max(found, Decimal(0)), Decimal(100)).quantize(Decimal("0.01"))

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
