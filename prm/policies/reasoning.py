"""What can be said about conditions without any facts: whether several of them can be met together.

Each branch of a tableau narrows down what every fact may still be. A branch in which nothing is left for some fact is
closed; where all branches close, the claims contradict each other for certain. Open branches only propose facts: it
is for the evaluation to confirm them. Whatever is not understood here leaves its branch open.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from prm.money import Money
from prm.policies.conditions import (
    AMONG,
    ORDERED,
    SETS,
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
    body_of,
    subject_body,
)
from prm.policies.evaluation import folded
from prm.policies.fields import Field, Kind
from prm.policies.periods import Duration, Span, Unit

MOST_CHOSEN = 60  # ways to choose so many of a group's parts; a group with more is left open


class Exhausted(Exception):
    """It would take too long to find out."""


# -- what a fact may still be ----------------------------------------------------------------------------
BOTTOM, TOP = (-1,), (1,)


def cut(value: Any, *, above: bool = False) -> tuple[Any, ...]:
    """Return the place right below a value, or right above it."""
    return (0, value, above)


@dataclass(frozen=True)
class Ranges:
    """Stretches of an ordered line, from cut to cut, in their order."""

    stretches: tuple[tuple[Any, Any], ...]

    def meet(self, other: Ranges) -> Ranges:
        both = ((max(a, c), min(b, d)) for a, b in self.stretches for c, d in other.stretches)
        return Ranges(tuple((low, high) for low, high in both if low < high))

    def complement(self) -> Ranges:
        edges = [BOTTOM, *(edge for stretch in self.stretches for edge in stretch), TOP]
        return Ranges(tuple((low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high))

    def __bool__(self) -> bool:
        return bool(self.stretches)


@dataclass(frozen=True)
class Among:
    """One of some words, or any other than they."""

    words: frozenset[Any]
    is_inverted: bool = False

    def meet(self, other: Among) -> Among:
        if self.is_inverted and other.is_inverted:
            return Among(self.words | other.words, True)
        if self.is_inverted:
            return other.meet(self)
        return Among(self.words - other.words if other.is_inverted else self.words & other.words)

    def complement(self) -> Among:
        return Among(self.words, not self.is_inverted)

    def __bool__(self) -> bool:
        return self.is_inverted or bool(self.words)


TRUE = Among(frozenset({True}))


# -- conditions as they are reasoned about ---------------------------------------------------------------
@dataclass(frozen=True)
class Literal:
    """That one aspect of a subject lies somewhere. `can_lack`: it may be missing although the subject is given."""

    name: str
    aspect: str
    allowed: Any
    can_lack: bool = False
    about: Field | None = None
    is_presence: bool = False


@dataclass(frozen=True)
class Threshold:
    """That at least so many parts hold, or that they do not."""

    least: int
    parts: tuple[Form, ...]
    is_negated: bool = False


Form = Literal | Threshold


def form_of(condition: Condition) -> Form:
    """Return a condition as literals that are counted."""
    match condition:
        case Group(junction=junction, parts=parts):
            forms = tuple(form_of(part) for part in parts)
            least = {Junction.ALL: len(parts), Junction.AT_LEAST: condition.least}.get(junction, 1)
            return Threshold(least, forms, junction == Junction.NONE)
        case Comparison(value=Other()) | Each():
            return _opaque(condition)
    return _form(condition)


def _form(comparison: Comparison) -> Form:
    subject, operator, value = comparison.subject, comparison.operator, comparison.value
    name = subject.name if isinstance(subject, Field) else _written(subject_body(subject))
    about = subject if isinstance(subject, Field) else None
    if operator in WITHOUT_VALUE:
        presence = Literal(name, "", TRUE, about=about, is_presence=True)
        return presence if operator == Operator.GIVEN else Threshold(1, (presence,), True)
    if operator in SETS and isinstance(value, frozenset) and value:
        has = tuple(Literal(name, f"has {key}", TRUE, about=about) for key in sorted(value))
        return Threshold(len(has) if operator == Operator.HAS_ALL else 1, has, operator == Operator.HAS_NONE)
    if subject.kind == Kind.BOOLEAN:
        literal = Literal(name, "", TRUE, about=about)
        return literal if value else Threshold(1, (literal,), True)
    if operator in AMONG and subject.kind in (Kind.TEXT, Kind.CHOICE):
        words = value if isinstance(value, frozenset) else frozenset({value})
        among = Among(frozenset(map(folded, words)) if subject.kind == Kind.TEXT else words)  # type: ignore[arg-type]
        return Literal(name, "", among.complement() if operator in INVERTED else among, about=about)
    if operator in ORDERED:
        return _ordered(comparison, name, about)
    return _opaque(comparison)


INVERTED = (Operator.IS_NOT, Operator.NONE_OF)


def _ordered(comparison: Comparison, name: str, about: Field | None) -> Literal:
    ends = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    aspects = {_aspect(end) for end in ends}
    if len(aspects) > 1:
        return _opaque(comparison)
    aspect = aspects.pop()
    ranges = _ranges(comparison.operator, [_point(end) for end in ends], _is_whole(comparison, aspect))
    # An amount may be given and still not be known in this currency; a figure may be missing for many reasons.
    return Literal(name, aspect, ranges, can_lack=about is None or comparison.subject.kind == Kind.MONEY, about=about)


def _aspect(value: Any) -> str:
    """Return as what a fact is looked at: amounts in a currency, days as such or by their distance from today."""
    return str(getattr(value, "currency", getattr(value, "unit", "")))


def _point(value: Any) -> Any:
    match value:
        case Money(amount=amount):
            return amount
        case Duration(count=count):
            return count
        case date():
            return value.toordinal()
    return value


def _is_whole(comparison: Comparison, aspect: str) -> bool:
    """Return whether nothing lies between one whole number and the next."""
    subject = comparison.subject
    match subject.kind:
        case Kind.DAY:
            return aspect in ("", Unit.DAYS)
        case Kind.DURATION:
            return aspect != Unit.MONTHS
    if isinstance(subject, Total) and subject.how in (How.COUNT, How.DISTINCT):
        return True
    about = subject if isinstance(subject, Field) else subject.field
    return bool(about and about.is_whole)


def _ranges(operator: Operator, points: list[Any], is_whole: bool) -> Ranges:
    low, high = points[0], points[-1]
    cuts = _whole_cuts if is_whole else _cuts
    below, above = cuts(low)[0], cuts(high)[1]
    stretch = {
        Operator.AT_LEAST: (below, TOP),
        Operator.OVER: (above, TOP),
        Operator.UNDER: (BOTTOM, below),
        Operator.AT_MOST: (BOTTOM, above),
    }.get(operator, (below, above))
    ranges = Ranges((stretch,) if stretch[0] < stretch[1] else ())
    return ranges.complement() if operator == Operator.IS_NOT else ranges


def _cuts(value: Any) -> tuple[Any, Any]:
    return cut(value), cut(value, above=True)


def _whole_cuts(value: Any) -> tuple[Any, Any]:
    """Return both sides as whole numbers that begin a stretch, so that what is between two of them is nothing."""
    floor = math.floor(value)
    return cut(floor if value == floor else floor + 1), cut(floor + 1)


def _opaque(condition: Condition) -> Literal:
    """Return something that holds or does not, and of which no more is understood."""
    return Literal(_written(body_of(condition)), "opaque", TRUE, can_lack=True)


def _written(body: Mapping[str, Any]) -> str:
    return "?" + json.dumps(body, sort_keys=True)


# -- the tableau -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Claim:
    """That a form holds or fails: `surely`, or so that it may also be missing."""

    form: Form
    holds: bool = True
    surely: bool = True


@dataclass(frozen=True)
class Cell:
    """What one aspect of a subject may still be."""

    allowed: Any
    can_lack: bool
    may_miss: bool = True


@dataclass(frozen=True)
class Known:
    """What is narrowed down about one subject so far."""

    about: Field | None = None
    may_be_given: bool = True
    may_be_absent: bool = True
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def narrowed(self, literal: Literal, holds: bool, surely: bool) -> Known:
        if literal.is_presence:  # it is never missing whether something is there
            return replace(
                self,
                about=literal.about,
                may_be_given=self.may_be_given and holds,
                may_be_absent=self.may_be_absent and not holds,
            )
        allowed = literal.allowed if holds else literal.allowed.complement()
        cell = self.cells.get(literal.aspect)
        if cell is None:
            cell = Cell(allowed, literal.can_lack, not surely)
        else:
            cell = Cell(cell.allowed.meet(allowed), cell.can_lack, cell.may_miss and not surely)
        return replace(self, about=literal.about, cells={**self.cells, literal.aspect: cell})

    @property
    def is_possible(self) -> bool:
        if self.may_be_absent and all(cell.may_miss for cell in self.cells.values()):
            return True
        return self.may_be_given and self.can_be_given

    @property
    def can_be_given(self) -> bool:
        return all(cell.allowed or (cell.may_miss and cell.can_lack) for cell in self.cells.values())


State = Mapping[str, Known]


class Tableau:
    """Finds the open branches of claims; counts its steps, so that a hard question ends."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def branches(self, claims: Iterable[Claim]) -> Iterator[State]:
        """Yield every open branch, or raise `Exhausted`; none means that the claims contradict each other."""
        yield from self._grow({}, list(claims), [])

    def _grow(self, state: State, claims: list[Claim], forks: list[list[tuple[Claim, ...]]]) -> Iterator[State]:
        while claims:
            self.steps -= 1
            if self.steps < 0:
                raise Exhausted
            claim = claims.pop()
            if isinstance(claim.form, Literal):
                name = claim.form.name
                known = state.get(name, Known()).narrowed(claim.form, claim.holds, claim.surely)
                if not known.is_possible:
                    return
                state = {**state, name: known}
                continue
            ways = _ways(claim, claim.form)
            if not ways:
                return
            if len(ways) == 1:
                claims += ways[0]
            else:
                forks = [*forks, ways]
        if not forks:
            yield state
            return
        narrowest = min(range(len(forks)), key=lambda place: len(forks[place]))
        rest = [fork for place, fork in enumerate(forks) if place != narrowest]
        if len(rest) > 200:
            raise Exhausted
        for way in forks[narrowest]:
            yield from self._grow(state, list(way), rest)


def _ways(claim: Claim, threshold: Threshold) -> list[tuple[Claim, ...]]:
    """Return the ways in which a claim about a threshold can be true: claims about its parts, all of one way."""
    holds = claim.holds is not threshold.is_negated
    parts = [Claim(part, holds, claim.surely) for part in threshold.parts]
    needed = threshold.least if holds else len(parts) - threshold.least + 1
    if needed <= 0 or (1 < needed < len(parts) and math.comb(len(parts), needed) > MOST_CHOSEN):
        return [()]
    return list(combinations(parts, needed))


# -- an example ------------------------------------------------------------------------------------------
def facts_of(state: State, today: date) -> dict[str, Any] | None:
    """Return facts for an open branch, nothing if it needs more than fields or days that no calendar has.

    They are a proposal.
    """
    facts: dict[str, Any] = {}
    for name, known in state.items():
        if known.about is None:
            return None
        if known.may_be_given and known.can_be_given:
            try:
                facts[name] = _example(known.about, known.cells, today)
            except (ValueError, OverflowError):  # before the first year, or after the last
                return None
    return {name: value for name, value in facts.items() if value is not None}


def _example(about: Field, cells: Mapping[str, Cell], today: date) -> Any:
    if about.kind in (Kind.CHOICES, Kind.LISTS):
        has = [aspect.removeprefix("has ") for aspect, cell in cells.items() if not cell.allowed.is_inverted]
        return frozenset(has)
    aspect, cell = next(((aspect, cell) for aspect, cell in cells.items() if cell.allowed), ("", None))
    match about.kind:
        case Kind.BOOLEAN:
            return cell is None or not cell.allowed.is_inverted
        case Kind.TEXT | Kind.CHOICE:
            return _word(about, cell.allowed if cell else Among(frozenset(), True))
    point = _middle(cell.allowed if cell else Ranges(((BOTTOM, TOP),)))
    match about.kind:
        case Kind.MONEY:
            return Money(Decimal(point), aspect or "EUR")
        case Kind.DAY:
            return date.fromordinal(int(point)) if not aspect else Duration(int(point), Unit(aspect)).from_day(today)
        case Kind.DURATION:
            return Span(today, Duration(int(point), Unit(aspect or "days")).from_day(today))
    return Decimal(point)


def _word(about: Field, among: Among) -> str | None:
    if not among.is_inverted:
        return str(min(among.words))
    names = [choice.key for choice in about.choices] or ["another", "something else"]
    return next((name for name in names if name not in among.words), None)


def _middle(ranges: Ranges) -> Any:
    """Return a point of the first stretch: its lower end if it belongs to it, which is the plainest example."""
    low, high = ranges.stretches[0]
    if low == BOTTOM:
        return 0 if high == TOP else high[1] if high[2] else high[1] - 1
    if not low[2]:
        return low[1]
    return low[1] + 1 if high == TOP else (low[1] + high[1]) / 2
