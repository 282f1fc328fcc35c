"""All custom fields of one kind of record together: which are shown and required, and what counts of their values.

Fields are followed in the order in which they depend on each other. A value that is hidden counts as not given, in
conditions of other fields too; it is kept all the same. Only what is certain hides or requires: a condition about
something that is missing does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from prm.custom_fields import values
from prm.custom_fields.definitions import Definition
from prm.custom_fields.values import Stored
from prm.policies import conditions, reading
from prm.policies.conditions import Condition
from prm.policies.evaluation import Facts, evaluate
from prm.policies.fields import Catalogue
from prm.policies.values import Invalid, Problem

NOTHING = Catalogue()


@dataclass(frozen=True)
class State:
    is_shown: bool = True
    is_required: bool = False


@dataclass(frozen=True)
class Followed:
    """What was made of a record: the state of each field by key, and all facts that count."""

    states: Mapping[str, State]
    facts: Facts


@dataclass(frozen=True)
class Schema:
    """The fields in their order; `catalogue` is what else their conditions can be about."""

    definitions: tuple[Definition, ...] = ()
    catalogue: Catalogue = NOTHING

    @cached_property
    def by_key(self) -> Mapping[str, Definition]:
        return {definition.key: definition for definition in self.definitions}

    def offered_to(self, definition: Definition) -> Catalogue:
        """Return what a condition of a field can be about: what everybody sees who sees the field, but not itself."""
        others = [other for other in self.definitions if other.key != definition.key]
        fields = tuple(other.field for other in others if definition.is_internal or not other.is_internal)
        return replace(self.catalogue, fields=(*self.catalogue.fields, *fields))

    def follow(self, stored: Stored, facts: Facts) -> Followed:
        """Return what becomes of the fields for these stored values."""
        known = dict(facts.values)
        told = replace(facts, values=known)
        shown = {}
        for definition in self._ordered:
            condition = self._shown[definition.key]
            shown[definition.key] = condition is None or evaluate(condition, told).holds
            if shown[definition.key]:
                known[definition.name] = values.fact(definition, stored)
        states = {
            definition.key: State(shown[definition.key], shown[definition.key] and self._is_required(definition, told))
            for definition in self.definitions
        }
        return Followed(states, told)

    def lacking(self, stored: Stored, followed: Followed, *, for_vendor: bool) -> list[Definition]:
        """Return the fields that have to be filled and are not, as far as somebody can fill them."""
        return [
            definition
            for definition in self.definitions
            if followed.states[definition.key].is_required
            and definition.key not in stored
            and (for_vendor or not definition.is_internal)
        ]

    @cached_property
    def asked(self) -> frozenset[str]:
        """Return what else has to be known of a record to follow the fields."""
        named = (name for when in (self._shown, self._required) for name in _names_in(when.values()))
        return frozenset(named) - {definition.name for definition in self.definitions}

    def cycle_with(self, definition: Definition) -> list[Definition]:
        """Return the fields that would wait for each other if this one were as it is given; none if they do not."""
        after = replace_in(self, definition)
        path = _way(after, definition.key, definition.key, set())
        return [after.by_key[key] for key in path]

    def problems_of(self, definition: Definition) -> list[Problem]:
        """Return what is wrong with the conditions of a field."""
        found = []
        for name in ("shown_when", "required_when"):
            body = getattr(definition, name)
            try:
                if body is not None:
                    reading.read(body, self.offered_to(definition), refuses_retired=True)
            except Invalid as refusal:
                found += [Problem((name, *problem.path), problem.code, problem.facts) for problem in refusal.problems]
        cycle = [] if found else self.cycle_with(definition)
        if cycle:
            found.append(Problem(("shown_when",), "cycle", {"names": tuple(each.label for each in cycle)}))
        return found

    # -- conditions --------------------------------------------------------------------------------------
    def _is_required(self, definition: Definition, facts: Facts) -> bool:
        if definition.is_retired or not definition.is_required:
            return False
        if definition.required_when is None:
            return True
        condition = self._required[definition.key]
        return condition is not None and evaluate(condition, facts).holds

    @cached_property
    def _shown(self) -> dict[str, Condition | None]:
        return {each.key: self._read(each, each.shown_when) for each in self.definitions}

    @cached_property
    def _required(self) -> dict[str, Condition | None]:
        return {each.key: self._read(each, each.required_when) for each in self.definitions if each.is_required}

    def _read(self, definition: Definition, body: Any) -> Condition | None:
        """Return a condition as it is followed; one that cannot be read any more neither hides nor requires."""
        try:
            return None if body is None else reading.read(body, self.offered_to(definition))
        except Invalid:
            return None

    @cached_property
    def _ordered(self) -> list[Definition]:
        """Return the fields, each after those that decide whether it is shown."""
        found: dict[str, Definition] = {}
        for definition in self.definitions:
            self._put(definition, found, set())
        return list(found.values())

    def _put(self, definition: Definition, found: dict[str, Definition], above: set[str]) -> None:
        if definition.key in found or definition.key in above:
            return
        for key in self.needs(definition.key):
            self._put(self.by_key[key], found, above | {definition.key})
        found[definition.key] = definition

    def needs(self, key: str) -> list[str]:
        """Return the keys of the fields that decide whether one is shown."""
        names = set(_names_in([self._shown[key]]))
        return [other.key for other in self.definitions if other.name in names]


def replace_in(schema: Schema, definition: Definition) -> Schema:
    """Return a schema in which one field is as it is given."""
    others = [definition if each.key == definition.key else each for each in schema.definitions]
    if definition.key not in schema.by_key:
        others.append(definition)
    return replace(schema, definitions=tuple(others))


def _way(schema: Schema, key: str, to: str, seen: set[str]) -> list[str]:
    """Return the keys on the way from one field to another that decides about it."""
    for need in schema.needs(key):
        if need == to:
            return [key]
        if need not in seen:
            seen.add(need)
            further = _way(schema, need, to, seen)
            if further:
                return [key, *further]
    return []


def _names_in(found: Iterable[Condition | None]) -> Iterator[str]:
    for condition in found:
        if condition is not None:
            yield from conditions.names(condition)
