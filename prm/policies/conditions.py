"""What a rule asks: comparisons of facts with values, grouped by all, any, none or at least so many.

    {"all": [
        {"field": "value", "is": "at_least", "value": {"amount": "25000", "currency": "EUR"}},
        {"in": "lines", "any": {"field": "family", "is": "one_of", "value": ["cloud", "edge"]}},
        {"total": "registrations", "how": "count", "window": {"kind": "year"}, "is": "over", "value": "3"}
    ]}

`reading` makes sure that every field is there and that every operator and value fits its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from prm.policies import values
from prm.policies.fields import NUMERIC, Collection, Field, Kind
from prm.policies.periods import ROLLING, Window
from prm.policies.values import Value


class Operator(StrEnum):
    """How a fact is compared. Of days, over is after and under before."""

    IS = "is"
    IS_NOT = "is_not"
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    HAS_NONE = "has_none"
    OVER = "over"
    AT_LEAST = "at_least"
    UNDER = "under"
    AT_MOST = "at_most"
    BETWEEN = "between"  # both ends belong to it
    GIVEN = "given"
    NOT_GIVEN = "not_given"

    __hash__ = str.__hash__  # as of `Kind`


ORDER = (Operator.OVER, Operator.AT_LEAST, Operator.UNDER, Operator.AT_MOST)
SETS = (Operator.HAS_ANY, Operator.HAS_ALL, Operator.HAS_NONE)
WITHOUT_VALUE = (Operator.GIVEN, Operator.NOT_GIVEN)
WITH_SEVERAL = (Operator.ONE_OF, Operator.NONE_OF, *SETS)
EQUAL = (Operator.IS, Operator.IS_NOT)
AMONG = (*EQUAL, Operator.ONE_OF, Operator.NONE_OF)
ORDERED = (*ORDER, Operator.BETWEEN, *EQUAL)

OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    kind: (*operators, *WITHOUT_VALUE)
    for kind, operators in {
        Kind.TEXT: (*AMONG, Operator.CONTAINS, Operator.STARTS_WITH),
        Kind.CHOICE: AMONG,
        Kind.CHOICES: SETS,
        Kind.LISTS: SETS,
        Kind.BOOLEAN: (Operator.IS,),
        Kind.NUMBER: ORDERED,
        Kind.PERCENT: ORDERED,
        Kind.MONEY: ORDERED,
        Kind.DAY: ORDERED,
        Kind.DURATION: ORDERED,
    }.items()
}
# What can be compared with another fact of the same kind.
REFERRING = (*ORDER, *EQUAL)
REFERABLE = (*NUMERIC, Kind.DAY)


class Junction(StrEnum):
    """How many parts of a group, or things of a collection, have to hold."""

    ALL = "all"
    ANY = "any"
    NONE = "none"
    AT_LEAST = "at_least"


class How(StrEnum):
    """What is made of a collection: one figure."""

    COUNT = "count"
    DISTINCT = "distinct"  # how many different ones
    SUM = "sum"
    HIGHEST = "highest"


@dataclass(frozen=True)
class Total:
    """A figure about a collection: of those in a window, of those for which a condition holds."""

    collection: Collection
    how: How = How.COUNT
    field: Field | None = None  # what is added up; a count needs none
    window: Window | None = None
    where: Condition | None = None

    @property
    def kind(self) -> Kind:
        return self.field.kind if self.field and self.how in (How.SUM, How.HIGHEST) else Kind.NUMBER


@dataclass(frozen=True)
class Other:
    """Another fact of the same record, in place of a value."""

    field: Field


@dataclass(frozen=True)
class Comparison:
    """One fact or figure, and what it is compared with: nothing, a value, two of them, or another fact."""

    subject: Field | Total
    operator: Operator
    value: Value | tuple[Value, Value] | Other | None = None

    def __post_init__(self) -> None:
        if self.operator not in operators_of(self.subject):
            raise ValueError(f"{self.subject.kind} is never compared by {self.operator}.")


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any, none or at least so many have to hold."""

    junction: Junction
    parts: tuple[Condition, ...] = ()
    least: int = 1


@dataclass(frozen=True)
class Each:
    """A condition that all, any, none or at least so many of a collection have to meet."""

    collection: Collection
    junction: Junction
    condition: Condition
    least: int = 1


Condition = Comparison | Group | Each


def operators_of(subject: Field | Total) -> tuple[Operator, ...]:
    """Return how something can be compared; a figure is always there, as far as what it is made of is."""
    return OPERATORS[subject.kind] if isinstance(subject, Field) else ORDERED


def about(subject: Field | Total) -> Field:
    """Return what is compared as a field; how many there are of something is a number."""
    if isinstance(subject, Field):
        return subject
    if subject.field and subject.kind == subject.field.kind:
        return subject.field
    return Field(subject.collection.name, subject.collection.label, Kind.NUMBER, is_whole=True)


def names(condition: Condition) -> Iterator[str]:
    """Yield the names of the fields and collections that a condition is about."""
    match condition:
        case Group(parts=parts):
            for part in parts:
                yield from names(part)
        case Each(collection=collection, condition=inner):
            yield collection.name
            yield from names(inner)
        case Comparison(subject=subject, value=value):
            if isinstance(subject, Total):
                yield subject.collection.name
                if subject.where:
                    yield from names(subject.where)
            else:
                yield subject.name
            if isinstance(value, Other):
                yield value.field.name


def body_of(condition: Condition) -> dict[str, Any]:
    """Return a condition as it is stored."""
    match condition:
        case Group(junction=Junction.AT_LEAST):
            return {"at_least": condition.least, "of": [body_of(part) for part in condition.parts]}
        case Group():
            return {str(condition.junction): [body_of(part) for part in condition.parts]}
        case Each(junction=Junction.AT_LEAST):
            rest = {"at_least": condition.least, "of": body_of(condition.condition)}
            return {"in": condition.collection.name, **rest}
        case Each():
            return {"in": condition.collection.name, str(condition.junction): body_of(condition.condition)}
    body = subject_body(condition.subject) | {"is": str(condition.operator)}
    match condition.value:
        case None:
            return body
        case Other(field=field):
            return body | {"other": field.name}
        case tuple() as ends:
            return body | {"value": [values.body_of(end) for end in ends]}
    return body | {"value": values.body_of(condition.value)}


def subject_body(subject: Field | Total) -> dict[str, Any]:
    """Return what is compared as it is stored."""
    if isinstance(subject, Field):
        return {"field": subject.name}
    body: dict[str, Any] = {"total": subject.collection.name, "how": str(subject.how)}
    if subject.field:
        body["of"] = subject.field.name
    if subject.window:
        body["window"] = _window_body(subject.window)
    if subject.where:
        body["where"] = body_of(subject.where)
    return body


def _window_body(window: Window) -> dict[str, Any]:
    if window.kind in ROLLING:
        return {"kind": str(window.kind), "length": window.length}
    return {"kind": str(window.kind), "back": window.back, "year_starts_in": window.year_starts_in}
