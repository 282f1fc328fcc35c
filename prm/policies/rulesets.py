"""Rules in order: when a condition holds they give effects, and what several give is merged as the vendor states.

    {"mode": "first",
     "rules": [{"key": "tender", "name": "Tenders", "when": {"field": "is_tender", "is": "is", "value": true},
                "then": {"decision": "person"}}],
     "default": {"decision": "person"},
     "merging": {"discount": {"merge": "sum", "cap": "30"}}}

A rule for which something is missing gives nothing. It is named as undecided, so that whoever asked can tell a
decision from a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from prm.policies import conditions, evaluation, values
from prm.policies.conditions import Condition
from prm.policies.evaluation import Facts, Outcome, Trace
from prm.policies.fields import Catalogue, Effect
from prm.policies.merging import Incomparable, Merging, merge
from prm.policies.values import Value


class Mode(StrEnum):
    """Which rules are followed: the first that matches, or all until one says stop."""

    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True)
class Rule:
    """`key` stays the same through all versions; without a condition it always matches."""

    key: str
    name: str
    when: Condition | None = None
    then: Mapping[str, Value] = field(default_factory=dict)
    stops: bool = False


@dataclass(frozen=True)
class RuleSet:
    """`default` is what holds for each effect that no rule gives."""

    catalogue: Catalogue
    rules: tuple[Rule, ...] = ()
    mode: Mode = Mode.FIRST
    default: Mapping[str, Value] = field(default_factory=dict)
    merging: Mapping[str, Merging] = field(default_factory=dict)

    def merging_of(self, effect: Effect) -> Merging:
        return self.merging.get(effect.name) or Merging(effect.merge)

    def is_last(self, rule: Rule) -> bool:
        """Return whether no rule is looked at after this one if it matches."""
        return self.mode == Mode.FIRST or rule.stops


@dataclass(frozen=True)
class Given:
    """What a rule gives of an effect."""

    rule: Rule
    value: Value


@dataclass(frozen=True)
class Settled:
    """What became of an effect: a value and which rules it is from (none: the default), or a conflict of theirs."""

    effect: Effect
    value: Value | None
    given: tuple[Given, ...] = ()
    is_conflict: bool = False


@dataclass(frozen=True)
class Judged:
    """A rule that was looked at, and why it matched or not."""

    rule: Rule
    outcome: Outcome
    trace: Trace | None = None  # nothing for a rule without a condition


@dataclass(frozen=True)
class Decision:
    """What a set of rules makes of a record."""

    judged: tuple[Judged, ...]
    settled: Mapping[str, Settled]

    @property
    def matched(self) -> tuple[Rule, ...]:
        return tuple(judged.rule for judged in self.judged if judged.outcome is Outcome.HOLDS)

    @property
    def undecided(self) -> tuple[Judged, ...]:
        """Return the rules that might have matched if more were known."""
        return tuple(judged for judged in self.judged if judged.outcome is Outcome.MISSING)

    @property
    def conflicts(self) -> tuple[Settled, ...]:
        return tuple(settled for settled in self.settled.values() if settled.is_conflict)

    @property
    def is_certain(self) -> bool:
        """Return whether nothing that is missing could change it, and no rules contradict each other."""
        return not self.undecided and not self.conflicts

    def value(self, effect: str) -> Any:
        """Return what holds for an effect; nothing if no rule gives it, or several contradict each other."""
        return self.settled[effect].value if effect in self.settled else None


def decide(rules: RuleSet, facts: Facts) -> Decision:
    """Follow the rules in their order and merge what those that match give."""
    judged: list[Judged] = []
    for rule in rules.rules:
        trace = evaluation.evaluate(rule.when, facts) if rule.when else None
        outcome = trace.outcome if trace else Outcome.HOLDS
        judged.append(Judged(rule, outcome, trace))
        if outcome is Outcome.HOLDS and rules.is_last(rule):
            break
    matched = [found.rule for found in judged if found.outcome is Outcome.HOLDS]
    return Decision(tuple(judged), _settled(rules, matched))


def _settled(rules: RuleSet, matched: Iterable[Rule]) -> dict[str, Settled]:
    given: dict[str, list[Given]] = {}
    for rule in matched:
        for name, value in rule.then.items():
            given.setdefault(name, []).append(Given(rule, value))
    settled = {}
    for effect in rules.catalogue.effects:
        if effect.name in given:
            settled[effect.name] = settle(effect, given[effect.name], rules.merging_of(effect))
        elif effect.name in rules.default:
            settled[effect.name] = Settled(effect, rules.default[effect.name])
    return settled


def settle(effect: Effect, given: Sequence[Given], merging: Merging) -> Settled:
    """Merge what rules give of an effect; values that cannot be merged are a conflict."""
    try:
        value = merge(effect.field, [each.value for each in given], merging)
    except Incomparable:
        return Settled(effect, None, tuple(given), is_conflict=True)
    return Settled(effect, value, tuple(given))


# -- as a decision is stored: beside the version of the rules --------------------------------------------
def trace_of(decision: Decision) -> list[dict[str, Any]]:
    """Return why a decision is what it is, as it is stored."""
    return [
        {"rule": judged.rule.key, "outcome": str(judged.outcome)}
        | ({"trace": evaluation.body_of(judged.trace)} if judged.trace else {})
        for judged in decision.judged
    ]


def decision_from(trace: Iterable[Mapping[str, Any]], rules: RuleSet) -> Decision:
    """Read a stored decision under the version of the rules that it was made by."""
    known = {rule.key: rule for rule in rules.rules}
    judged = tuple(_judged_from(body, known[body["rule"]]) for body in trace)
    return Decision(judged, _settled(rules, [found.rule for found in judged if found.outcome is Outcome.HOLDS]))


def _judged_from(body: Mapping[str, Any], rule: Rule) -> Judged:
    trace = evaluation.read(body["trace"], rule.when) if rule.when else None
    return Judged(rule, Outcome(body["outcome"]), trace)


# -- as it is stored -------------------------------------------------------------------------------------
def body_of(rules: RuleSet) -> dict[str, Any]:
    """Return a set of rules as it is stored."""
    return {
        "mode": str(rules.mode),
        "rules": [_rule_body(rule) for rule in rules.rules],
        "default": _effects_body(rules.default),
        "merging": {
            name: {"merge": str(merging.merge)} | ({} if merging.cap is None else {"cap": values.body_of(merging.cap)})
            for name, merging in sorted(rules.merging.items())
        },
    }


def _rule_body(rule: Rule) -> dict[str, Any]:
    body: dict[str, Any] = {"key": rule.key, "name": rule.name}
    if rule.when:
        body["when"] = conditions.body_of(rule.when)
    body["then"] = _effects_body(rule.then)
    if rule.stops:
        body["stops"] = True
    return body


def _effects_body(effects: Mapping[str, Value]) -> dict[str, Any]:
    return {name: values.body_of(value) for name, value in sorted(effects.items())}
