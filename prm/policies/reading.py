"""Reading stored conditions, strictly: unknown keys, fields and words, and values that do not fit, are all refused.

What is read may come from a form, a file or somebody who means harm. It may be nested without end, hold itself, or be
of any type; the answer is a condition, or a list of what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from prm.money import Money
from prm.policies import values
from prm.policies.conditions import (
    REFERABLE,
    REFERRING,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    Comparison,
    Condition,
    Each,
    Group,
    How,
    Junction,
    Operator,
    Other,
    Total,
    about,
    operators_of,
)
from prm.policies.fields import NUMERIC, Catalogue, Collection, Field, Kind
from prm.policies.periods import MONTHS, ROLLING, Window, WindowKind
from prm.policies.values import Invalid, Path, Problem, Refused

DEEPEST = 12
MOST_PARTS = 10_000
MOST_UNKNOWN_KEYS = 20
LONGEST_WINDOW = 3660

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)


def read(body: Any, catalogue: Catalogue, *, refuses_retired: bool = False) -> Condition:
    """Read a stored condition, or raise `Invalid` with every problem and where it is."""
    reader = Reader(refuses_retired=refuses_retired)
    condition = reader.condition(body, Place(catalogue))
    if condition is None or reader.problems:
        raise Invalid(reader.problems)
    return condition


@dataclass(frozen=True)
class Place:
    """Where somebody reads: what can be meant there, how one gets there, and how deep that is."""

    catalogue: Catalogue
    path: Path = ()
    depth: int = 1

    def at(self, *steps: str | int) -> Place:
        return replace(self, path=(*self.path, *steps))

    def below(self, *steps: str | int, catalogue: Catalogue | None = None) -> Place:
        return Place(catalogue or self.catalogue, (*self.path, *steps), self.depth + 1)


class TooMany(Exception):
    """There are more parts than anybody reads; the rest is not looked at."""


class Reader:
    """Notes what is wrong instead of stopping at the first mistake. What returns nothing has noted why.

    Fields that were retired can be read for ever; `refuses_retired` is for what somebody writes now.
    """

    def __init__(self, *, refuses_retired: bool = False) -> None:
        self.refuses_retired = refuses_retired
        self.problems: list[Problem] = []
        self.parts = 0

    def refuse(self, place: Place, code: str, **facts: Any) -> None:
        self.problems.append(Problem(place.path, code, facts))

    def condition(self, body: Any, place: Place) -> Condition | None:
        try:
            return self._condition(body, place)
        except TooMany:
            self.problems = [Problem((), "many", {"most": MOST_PARTS})]
            return None

    def _condition(self, body: Any, place: Place) -> Condition | None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise TooMany
        if place.depth > DEEPEST:
            self.refuse(place, "deep", most=DEEPEST)
        elif not isinstance(body, Mapping):
            self.refuse(place, "mapping")
        elif "field" in body or "total" in body:
            return self._comparison(body, place)
        elif found := [junction for junction in Junction if junction in body]:
            return self._junction(body, found[0], place)
        else:
            self.refuse(place, "no_condition")
        return None

    # -- groups and collections --------------------------------------------------------------------------
    def _junction(self, body: Mapping[str, Any], junction: Junction, place: Place) -> Condition | None:
        is_counted = junction == Junction.AT_LEAST
        inner = "of" if is_counted else str(junction)
        self.keys(body, {str(junction), inner, "in"}, place)
        least = self._least(body, place.at("at_least")) if is_counted else 1
        if "in" in body:
            return self._each(body, junction, inner, least, place)
        parts = body.get(inner)
        if not isinstance(parts, list | tuple):
            self.refuse(place.at(inner), "list")
            return None
        read = [self._condition(part, place.below(inner, number)) for number, part in enumerate(parts)]
        return Group(junction, tuple(part for part in read if part), least)

    def _least(self, body: Mapping[str, Any], place: Place) -> int:
        return self.attempt(place, lambda: values.whole(body["at_least"], 1, MOST_PARTS)) or 1

    def _each(self, body: Mapping[str, Any], junction: Junction, inner: str, least: int, place: Place) -> Each | None:
        collection = self._collection(body["in"], place.at("in"))
        if collection is None:
            return None
        condition = self._condition(body.get(inner), place.below(inner, catalogue=collection.catalogue))
        return Each(collection, junction, condition, least) if condition else None

    # -- comparisons -------------------------------------------------------------------------------------
    def _comparison(self, body: Mapping[str, Any], place: Place) -> Comparison | None:
        noted = len(self.problems)
        subject = self._field(body["field"], place.at("field")) if "field" in body else self._total(body, place)
        operator = self.word(Operator, body.get("is"), place.at("is"))
        self.keys(body, ABOUT_A_FIELD if "field" in body else ABOUT_A_TOTAL, place)
        if subject is None or operator is None or len(self.problems) > noted:
            return None
        if operator not in operators_of(subject):
            self.refuse(place.at("is"), "operator", kind=str(subject.kind))
            return None
        if operator in WITHOUT_VALUE:
            self.keys(body, {"field", "is"}, place)
            return Comparison(subject, operator)
        if "other" in body:
            self.keys(body, ABOUT_A_FIELD - {"value"} if "field" in body else ABOUT_A_TOTAL - {"value"}, place)
            other = self._other(subject, operator, body["other"], place.at("other"))
            return Comparison(subject, operator, other) if other else None
        value = self.attempt(place.at("value"), lambda: _value(subject, operator, body.get("value")))
        return None if value is None else Comparison(subject, operator, value)

    def _other(self, subject: Field | Total, operator: Operator, name: Any, place: Place) -> Other | None:
        field = self._field(name, place)
        if field is None:
            return None
        if field.kind != subject.kind or field.kind not in REFERABLE or operator not in REFERRING:
            self.refuse(place, "other")
            return None
        return Other(field)

    def _total(self, body: Mapping[str, Any], place: Place) -> Total | None:
        collection = self._collection(body["total"], place.at("total"))
        how = self.word(How, body.get("how"), place.at("how"))
        if collection is None or how is None:
            return None
        inner = place.below("where", catalogue=collection.catalogue)
        return Total(
            collection,
            how,
            self._counted(body, how, replace(inner, path=(*place.path, "of"))),
            self._window(body["window"], collection, place.at("window")) if "window" in body else None,
            self._condition(body["where"], inner) if "where" in body else None,
        )

    def _counted(self, body: Mapping[str, Any], how: How, place: Place) -> Field | None:
        if how == How.COUNT:
            if "of" in body:
                self.refuse(place, "unknown_key", key="of")
            return None
        field = self._field(body.get("of"), place)
        if field and field.kind not in ((Kind.TEXT, Kind.CHOICE) if how == How.DISTINCT else NUMERIC):
            self.refuse(place, "not_added")
        return field

    def _window(self, body: Any, collection: Collection, place: Place) -> Window | None:
        if not collection.dated_by:
            self.refuse(place, "no_window")
            return None
        if not isinstance(body, Mapping):
            self.refuse(place, "mapping")
            return None
        kind = self.word(WindowKind, body.get("kind"), place.at("kind"))
        if kind in ROLLING:
            self.keys(body, {"kind", "length"}, place)
            length = self.attempt(place.at("length"), lambda: values.whole(body.get("length"), 1, LONGEST_WINDOW))
            return Window(kind, length or 1)
        if kind in MONTHS:
            self.keys(body, {"kind", "back", "year_starts_in"}, place)
            back = self.attempt(place.at("back"), lambda: values.whole(body.get("back", 0), 0, 100))
            month = self.attempt(place.at("year_starts_in"), lambda: values.whole(body.get("year_starts_in", 1), 1, 12))
            return Window(kind, back=back or 0, year_starts_in=month or 1)
        return None

    # -- what is named -----------------------------------------------------------------------------------
    def _field(self, name: Any, place: Place) -> Field | None:
        field = place.catalogue.field.get(name) if isinstance(name, str) else None
        if field is None:
            self.refuse(place, "unknown_field", name=_shown(name))
        elif field.is_retired and self.refuses_retired:
            self.refuse(place, "retired_field", name=str(field.label))
        return field

    def _collection(self, name: Any, place: Place) -> Collection | None:
        collection = place.catalogue.collection.get(name) if isinstance(name, str) else None
        if collection is None:
            self.refuse(place, "unknown_collection", name=_shown(name))
        return collection

    def word(self, words: type[Word], name: Any, place: Place) -> Word | None:
        if isinstance(name, str) and name in list(words):
            return words(name)
        self.refuse(place, "unknown_word", name=_shown(name))
        return None

    def keys(self, body: Mapping[Any, Any], known: Iterable[str], place: Place) -> None:
        """Note keys that mean nothing here."""
        for key in islice((key for key in body if key not in known), MOST_UNKNOWN_KEYS):
            self.refuse(place, "unknown_key", key=_shown(key))

    def attempt(self, place: Place, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Refused as refusal:
            self.refuse(place, refusal.code, **refusal.facts)
        return None


ABOUT_A_FIELD = {"field", "is", "value", "other"}
ABOUT_A_TOTAL = {"total", "how", "of", "window", "where", "is", "value", "other"}


def _value(subject: Field | Total, operator: Operator, body: Any) -> Any:
    compared = about(subject)
    if operator in WITH_SEVERAL:
        return values.several(compared, body)
    if operator != Operator.BETWEEN:
        return values.read(compared, body)
    if not isinstance(body, list | tuple) or len(body) != 2:
        raise Refused("two")
    low, high = (values.read(compared, end) for end in body)
    if isinstance(low, Money) and isinstance(high, Money) and low.currency != high.currency:
        raise Refused("currencies")
    return low, high


def _shown(name: object) -> str:
    return name[:80] if isinstance(name, str) else type(name).__name__
