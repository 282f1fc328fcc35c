"""What becomes of an effect that several rules give: one value, or a conflict that is reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from prm.policies.fields import Field, Kind, Merge
from prm.policies.periods import Duration
from prm.policies.values import Value


@dataclass(frozen=True)
class Merging:
    """How the vendor merges an effect; a sum may be capped."""

    merge: Merge
    cap: Value | None = None


class Incomparable(Exception):
    """Values of which none is the higher one: other currencies, other units, or not combinable at all."""


def merge(about: Field, found: Sequence[Value], merging: Merging) -> Value:
    """Return one value, or raise `Incomparable`. Only `FIRST` looks at their order."""
    value: Value = MERGES[merging.merge](about, found)
    if merging.merge == Merge.SUM and merging.cap is not None:
        value = _lowest(about, [value, merging.cap])
    return value


def _highest(about: Field, found: Sequence[Any]) -> Any:
    return max(_comparable(found), key=_rank(about))


def _lowest(about: Field, found: Sequence[Any]) -> Any:
    return min(_comparable(found), key=_rank(about))


def _sum(about: Field, found: Sequence[Any]) -> Any:
    return reduce(lambda total, value: total + value, _comparable(found))


def _exclusive(about: Field, found: Sequence[Any]) -> Any:
    if any(value != found[0] for value in found):
        raise Incomparable
    return found[0]


def _comparable(found: Sequence[Any]) -> Sequence[Any]:
    """Return the values, or raise `Incomparable` if they are of several currencies, units or types."""
    kinds = {getattr(value, "currency", getattr(value, "unit", type(value))) for value in found}
    if len(kinds) > 1:
        raise Incomparable
    return found


def _rank(about: Field) -> Callable[[Any], Any]:
    """Return by what values are compared: choices by their place, the later the higher."""
    match about.kind:
        case Kind.CHOICE:
            return lambda key: about.places[key]
        case Kind.MONEY:
            return lambda money: money.amount
    return lambda value: value.count if isinstance(value, Duration) else value


MERGES: Mapping[Merge, Callable[[Field, Sequence[Any]], Any]] = {
    Merge.HIGHEST: _highest,
    Merge.LOWEST: _lowest,
    Merge.FIRST: lambda about, found: found[0],
    Merge.SUM: _sum,
    Merge.UNION: lambda about, found: frozenset().union(*found),
    Merge.EXCLUSIVE: _exclusive,
}
