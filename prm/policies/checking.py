"""What an administrator should look at again before a set of rules is published.

Every finding is true: what can never hold was proven, what can happen comes with an example that was tried. The
other way round nothing is promised; a question that is too hard, or about more than single fields, finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Any

from prm.policies.conditions import Comparison, Condition, Each, Group, Junction
from prm.policies.evaluation import Facts, evaluate
from prm.policies.fields import Effect
from prm.policies.reasoning import Claim, Exhausted, Form, Tableau, facts_of, form_of
from prm.policies.rulesets import Decision, Given, Mode, Rule, RuleSet, decide, settle
from prm.policies.values import Path

STEPS_PER_QUESTION = 2_000
STEPS = 60_000
MOST_EXAMPLES = 20


class Doubt(StrEnum):
    EMPTY = "empty"  # a group without parts
    IMPOSSIBLE = "impossible"  # it can never hold
    UNREACHABLE = "unreachable"  # rules before it always match first
    NO_EFFECT = "no_effect"  # a rule that gives nothing, and stops nothing
    NO_DEFAULT = "no_default"  # a record may get nothing of an effect that every record needs
    CONFLICT = "conflict"  # two rules that may match together and whose effects cannot be merged
    OVERLAP = "overlap"  # two rules that may match together, of which the first counts


@dataclass(frozen=True)
class Finding:
    """`rules` are those it is about; `path` leads to a place in the first one's condition."""

    doubt: Doubt
    rules: tuple[Rule, ...] = ()
    path: Path = ()
    effect: Effect | None = None
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        """Return whether it is usual, and only good to know."""
        return self.doubt == Doubt.OVERLAP


def check(rules: RuleSet, today: date) -> list[Finding]:
    """Return everything that is found, what is certainly wrong first."""
    return [*_Check(rules, today).findings()]


def impossible(condition: Condition) -> list[Path]:
    """Return the paths of the smallest parts that can never hold."""
    return list(_Questions().impossible(condition, ()))


class _Questions:
    """Asks the tableau, and stops asking when all steps are used up."""

    def __init__(self) -> None:
        self.steps = STEPS
        self.forms: dict[int, Form] = {}

    def form(self, condition: Condition) -> Form:
        key = id(condition)
        if key not in self.forms:
            self.forms[key] = form_of(condition)
        return self.forms[key]

    def contradict(self, claims: Iterable[Claim]) -> bool:
        """Return whether claims certainly contradict each other."""
        try:
            return next(self.branches(claims), None) is None
        except Exhausted:
            return False

    def examples(self, claims: Iterable[Claim], today: date) -> Iterator[dict[str, Any]]:
        """Yield facts for which the claims may be true."""
        try:
            for _number, state in zip(range(MOST_EXAMPLES), self.branches(claims), strict=False):
                facts = facts_of(state, today)
                if facts is not None:
                    yield facts
        except Exhausted:
            return

    def branches(self, claims: Iterable[Claim]) -> Iterator[Any]:
        tableau = Tableau(min(self.steps, STEPS_PER_QUESTION))
        before = tableau.steps
        try:
            yield from tableau.branches(claims)
        finally:
            self.steps -= before - tableau.steps

    def impossible(self, condition: Condition, path: Path) -> Iterator[Path]:
        # That a part of `none` can never hold is not wrong.
        is_negated = not isinstance(condition, Comparison) and condition.junction == Junction.NONE
        parts = [] if is_negated else _parts(condition)
        found = [inner for place, part in parts for inner in self.impossible(part, (*path, *place))]
        yield from found
        if not found and self.contradict([Claim(self.form(condition))]):
            yield path


class _Check:
    def __init__(self, rules: RuleSet, today: date) -> None:
        self.rules, self.today = rules, today
        self.ask = _Questions()

    def findings(self) -> Iterator[Finding]:
        dead = []
        for rule in self.rules.rules:
            for doubt, path in self._within(rule):
                yield Finding(doubt, (rule,), path)
            if self.ask.contradict(self._matches(rule)):
                dead.append(rule)
            if not rule.then and not self.rules.is_last(rule):
                yield Finding(Doubt.NO_EFFECT, (rule,))
        for rule in self._unreachable(dead):
            yield Finding(Doubt.UNREACHABLE, (rule,))
            dead.append(rule)
        yield from self._without_default()
        keys = {rule.key for rule in dead}
        alive = [(place, rule) for place, rule in enumerate(self.rules.rules) if rule.key not in keys]
        for (_place, first), (place, second) in combinations(alive, 2):
            if self.ask.steps <= 0:
                return
            yield from self._together(first, second, self.rules.rules[:place])

    def _within(self, rule: Rule) -> Iterator[tuple[Doubt, Path]]:
        if rule.when is None:
            return
        empty = list(_empty(rule.when, ()))
        yield from ((Doubt.EMPTY, path) for path in empty)
        yield from ((Doubt.IMPOSSIBLE, path) for path in self.ask.impossible(rule.when, ()) if path not in empty)

    def _unreachable(self, dead: list[Rule]) -> Iterator[Rule]:
        """Yield the rules that match only if one before them did, which then was the last."""
        before: list[Claim] = []
        for rule in self.rules.rules:
            if rule not in dead and before and self.ask.contradict([*before, *self._matches(rule)]):
                yield rule
            if self.rules.is_last(rule):
                before += self._matches(rule, holds=False)

    def _matches(self, rule: Rule, *, holds: bool = True) -> list[Claim]:
        """Return the claim that a rule matches, or that it does not: it fails, or something is missing."""
        if rule.when is not None:
            return [Claim(self.ask.form(rule.when), holds, surely=holds)]
        return [] if holds else [Claim(form_of(Group(Junction.ANY)))]

    def _without_default(self) -> Iterator[Finding]:
        givers = {
            effect.name: [rule for rule in self.rules.rules if effect.name in rule.then]
            for effect in self.rules.catalogue.effects
            if effect.is_required and effect.name not in self.rules.default
        }
        for name, giving in givers.items():
            unmatched = [claim for rule in giving for claim in self._matches(rule, holds=False)]
            examples = [*self.ask.examples(unmatched, self.today), {}]
            lacking = [facts for facts in examples if name not in self._decision(facts).settled]
            if lacking:
                example = max(lacking, key=len)
                yield Finding(Doubt.NO_DEFAULT, effect=self.rules.catalogue.effect[name], example=example)

    def _together(self, first: Rule, second: Rule, before: Sequence[Rule]) -> Iterator[Finding]:
        """Yield what is to be said of two rules that may match the same record."""
        clashing = [
            effect
            for effect in self.rules.catalogue.effects
            if effect.name in first.then and effect.name in second.then and self._clash(effect, first, second)
        ]
        is_ordered = self.rules.mode == Mode.FIRST and first.then != second.then and second.when is not None
        if not is_ordered and (not clashing or self.rules.is_last(first)):
            return
        for facts in self.ask.examples(self._both_are_met(first, second, before), self.today):
            matched = self._decision(facts).matched
            if is_ordered and matched == (first,) and self._matches_alone(second, facts):
                yield Finding(Doubt.OVERLAP, (first, second), example=facts)
                return
            if not is_ordered and first in matched and second in matched:
                yield Finding(Doubt.CONFLICT, (first, second), effect=clashing[0], example=facts)
                return

    def _both_are_met(self, first: Rule, second: Rule, before: Sequence[Rule]) -> list[Claim]:
        """Return the claims that both match, and that no other rule before was the last."""
        others = [rule for rule in before if rule is not first and self.rules.is_last(rule)]
        stopped = [claim for rule in others for claim in self._matches(rule, holds=False)]
        return [*self._matches(first), *self._matches(second), *stopped]

    def _matches_alone(self, rule: Rule, facts: Mapping[str, Any]) -> bool:
        return rule.when is None or evaluate(rule.when, Facts(facts, self.today)).holds

    def _clash(self, effect: Effect, first: Rule, second: Rule) -> bool:
        given = [Given(rule, rule.then[effect.name]) for rule in (first, second)]
        return settle(effect, given, self.rules.merging_of(effect)).is_conflict

    def _decision(self, facts: Mapping[str, Any]) -> Decision:
        return decide(self.rules, Facts(facts, self.today))


def _empty(condition: Condition, path: Path) -> Iterator[Path]:
    if isinstance(condition, Group) and not condition.parts:
        yield path
    for place, part in _parts(condition):
        yield from _empty(part, (*path, *place))


def _parts(condition: Condition) -> list[tuple[Path, Condition]]:
    """Return the parts of a condition, and how each is reached in what is stored."""
    if isinstance(condition, Comparison):
        return []
    at = "of" if condition.junction == Junction.AT_LEAST else str(condition.junction)
    if isinstance(condition, Each):
        return [((at,), condition.condition)]
    return [((at, place), part) for place, part in enumerate(condition.parts)]
