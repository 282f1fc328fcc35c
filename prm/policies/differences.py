"""What changed between two versions of a set of rules, one change at a time, to be said in words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from prm.policies.merging import Merging
from prm.policies.rulesets import Rule, RuleSet


class What(StrEnum):
    """What a change is about."""

    MODE = "mode"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RENAMED = "renamed"
    CONDITION = "condition"
    EFFECT = "effect"
    STOPS = "stops"
    DEFAULT = "default"
    MERGING = "merging"


@dataclass(frozen=True)
class Change:
    """`before` and `after` are values, conditions or places (from 1); nothing stands for what is not there."""

    what: What
    before: Any = None
    after: Any = None
    rule: Rule | None = None  # as it is called now
    effect: str = ""


@dataclass(frozen=True)
class StepChange:
    """An approval step that is new, gone or another one; `before` and `after` are its names."""

    before: str | None
    after: str | None


def of_steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[StepChange]:
    """Return how the approval steps of two bodies differ; then what is gone."""
    old, new = _steps(before), _steps(after)
    changed = [key for key, step in new.items() if step != old.get(key)]
    gone = [key for key in old if key not in new]
    return [StepChange(_name(old.get(key)), _name(new.get(key))) for key in [*changed, *gone]]


def _steps(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = body.get("steps")
    listed = found if isinstance(found, list) else []
    return {str(step.get("key")): step for step in listed if isinstance(step, Mapping)}


def _name(step: Mapping[str, Any] | None) -> str | None:
    return None if step is None else str(step.get("name", ""))


def between(before: RuleSet, after: RuleSet) -> list[Change]:
    """Return the changes from one version to another, in the order of the later one; then what is gone."""
    return [*_changes(before, after)]


def _changes(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    if before.mode != after.mode:
        yield Change(What.MODE, before.mode, after.mode)
    places = {rule.key: place for place, rule in enumerate(before.rules)}
    kept = [rule.key for rule in after.rules if rule.key in places]
    in_order = _longest_rising([places[key] for key in kept])
    for place, rule in enumerate(after.rules):
        if rule.key not in places:
            yield Change(What.ADDED, after=place + 1, rule=rule)
            continue
        if places[rule.key] not in in_order:
            yield Change(What.MOVED, places[rule.key] + 1, place + 1, rule)
        yield from _rule(before.rules[places[rule.key]], rule)
    for place, rule in enumerate(before.rules):
        if rule.key not in kept:
            yield Change(What.REMOVED, before=place + 1, rule=rule)
    yield from _effects(What.DEFAULT, before.default, after.default)
    yield from _effects(What.MERGING, _mergings(before), _mergings(after))


def _rule(before: Rule, after: Rule) -> Iterator[Change]:
    if before.name != after.name:
        yield Change(What.RENAMED, before.name, after.name, after)
    if before.when != after.when:
        yield Change(What.CONDITION, before.when, after.when, after)
    yield from _effects(What.EFFECT, before.then, after.then, after)
    if before.stops != after.stops:
        yield Change(What.STOPS, before.stops, after.stops, after)


def _effects(
    what: What, before: Mapping[str, Any], after: Mapping[str, Any], rule: Rule | None = None
) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield Change(what, before.get(name), after.get(name), rule, name)


def _mergings(rules: RuleSet) -> dict[str, Merging]:
    """Return how each effect is merged, whether the vendor chose it or not."""
    return {effect.name: rules.merging_of(effect) for effect in rules.catalogue.effects}


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return as many of the numbers as possible that stand in rising order: those that did not move."""
    ends: list[int] = []  # the lowest end of a rising row of each length
    rows: list[list[int]] = []
    for number in numbers:
        at = bisect_left(ends, number)
        row = [*(rows[at - 1] if at else []), number]
        ends[at : at + 1], rows[at : at + 1] = [number], [row]
    return set(rows[-1]) if rows else set()
