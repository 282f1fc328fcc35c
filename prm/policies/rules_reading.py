"""Reading stored sets of rules, as strictly as their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prm.policies import values
from prm.policies.fields import NUMERIC, Catalogue, Effect, Merge
from prm.policies.merging import Merging
from prm.policies.reading import Place, Reader
from prm.policies.rulesets import Mode, Rule, RuleSet
from prm.policies.values import Invalid, Value

MOST_RULES = 500


def read(body: Any, catalogue: Catalogue, *, refuses_retired: bool = False) -> RuleSet:
    """Read a stored set of rules, or raise `Invalid` with every problem and where it is."""
    reader = _RulesReader(refuses_retired=refuses_retired)
    rules = reader.rules(body, Place(catalogue))
    if rules is None or reader.problems:
        raise Invalid(reader.problems)
    return rules


class _RulesReader(Reader):
    def rules(self, body: Any, place: Place) -> RuleSet | None:
        if not isinstance(body, Mapping):
            self.refuse(place, "mapping")
            return None
        self.keys(body, {"mode", "rules", "default", "merging"}, place)
        return RuleSet(
            place.catalogue,
            tuple(self._rules(body.get("rules", []), place.at("rules"))),
            self.word(Mode, body.get("mode", "first"), place.at("mode")) or Mode.FIRST,
            self._effects(body.get("default", {}), place.at("default")),
            self._mergings(body.get("merging", {}), place.at("merging")),
        )

    def _rules(self, listed: Any, place: Place) -> Iterator[Rule]:
        if not isinstance(listed, Sequence) or isinstance(listed, str):
            self.refuse(place, "list")
        elif len(listed) > MOST_RULES:
            self.refuse(place, "many", most=MOST_RULES)
        else:
            keys: set[str] = set()
            for number, body in enumerate(listed):
                rule = self._rule(body, place.at(number))
                if rule and rule.key in keys:
                    self.refuse(place.at(number, "key"), "twice", key=rule.key)
                if rule:
                    keys.add(rule.key)
                    yield rule

    def _rule(self, body: Any, place: Place) -> Rule | None:
        if not isinstance(body, Mapping):
            self.refuse(place, "mapping")
            return None
        self.keys(body, {"key", "name", "when", "then", "stops"}, place)
        key = self.attempt(place.at("key"), lambda: values.text(body.get("key")))
        name = self.attempt(place.at("name"), lambda: values.text(body.get("name")))
        when = self.condition(body["when"], place.at("when")) if "when" in body else None
        then = self._effects(body.get("then", {}), place.at("then"))
        stops = body.get("stops", False)
        if not isinstance(stops, bool):
            self.refuse(place.at("stops"), "boolean")
        return Rule(key, name, when, then, bool(stops)) if key and name else None

    def _effects(self, body: Any, place: Place) -> dict[str, Value]:
        effects = {}
        for effect in self._named(body, place):
            value = self._effect(effect, body[effect.name], place.at(effect.name))
            if value is not None:
                effects[effect.name] = value
        return effects

    def _effect(self, effect: Effect, body: Any, place: Place) -> Value | None:
        return self.attempt(place, lambda: values.read(effect.field, body))

    def _mergings(self, body: Any, place: Place) -> dict[str, Merging]:
        mergings = {}
        for effect in self._named(body, place):
            merging = self._merging(effect, body[effect.name], place.at(effect.name))
            if merging:
                mergings[effect.name] = merging
        return mergings

    def _merging(self, effect: Effect, body: Any, place: Place) -> Merging | None:
        if not isinstance(body, Mapping):
            self.refuse(place, "mapping")
            return None
        merge = self.word(Merge, body.get("merge"), place.at("merge"))
        if merge is None:
            return None
        if merge not in effect.merges:
            self.refuse(place.at("merge"), "merge", kind=str(effect.field.kind))
        can_cap = merge == Merge.SUM and effect.field.kind in NUMERIC
        self.keys(body, {"merge", "cap"} if can_cap else {"merge"}, place)
        return Merging(merge, self._effect(effect, body["cap"], place.at("cap")) if can_cap and "cap" in body else None)

    def _named(self, body: Any, place: Place) -> list[Effect]:
        """Return the effects that something is said about, in the catalogue's order."""
        if not isinstance(body, Mapping):
            self.refuse(place, "mapping")
            return []
        self.keys(body, place.catalogue.effect, place)
        return [effect for effect in place.catalogue.effects if effect.name in body]
