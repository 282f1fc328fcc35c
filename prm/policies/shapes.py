"""What a body may look like, for areas whose terms come in as a file: strict, and every problem with its place.

SHAPE = names({"validity_days": whole(1, 365), "taxes": many(names({"percent": decimal(0, 100)}))})
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from prm.policies import values
from prm.policies.values import Path, Problem, Refused

Shape = Callable[[Any, Path], Iterator[Problem]]
MANY = 200


def names(known: Mapping[str, Shape], needed: Collection[str] = ()) -> Shape:
    """Values by these names, of which some are needed."""

    def check(body: Any, path: Path) -> Iterator[Problem]:
        if not isinstance(body, Mapping):
            yield Problem(path, "mapping")
            return
        for name, value in body.items():
            if name in known:
                yield from known[name](value, (*path, name))
            else:
                yield Problem((*path, str(name)), "unknown_key", {"key": str(name)[:80]})
        for name in needed:
            if name not in body:
                yield Problem((*path, name), "missing")

    return check


def many(shape: Shape, most: int = MANY, least: int = 0) -> Shape:
    """A list of things of one shape."""

    def check(body: Any, path: Path) -> Iterator[Problem]:
        if not isinstance(body, list):
            yield Problem(path, "list")
        elif not least <= len(body) <= most:
            yield Problem(path, "size", {"most": most})
        else:
            for number, value in enumerate(body):
                yield from shape(value, (*path, number))

    return check


def whole(least: int, most: int, *, may_be_nothing: bool = False) -> Shape:
    def check(body: Any, path: Path) -> Iterator[Problem]:
        if body is None and may_be_nothing:
            return
        try:
            values.whole(body, least, most)
        except Refused as refusal:
            yield Problem(path, refusal.code, refusal.facts)

    return check


def decimal(least: int, most: int, *, may_be_nothing: bool = False) -> Shape:
    """A number as a text, so that none of its places is lost, or a whole one."""

    def check(body: Any, path: Path) -> Iterator[Problem]:
        if body is None and may_be_nothing:
            return
        try:
            number = Decimal(body) if isinstance(body, str | int) and not isinstance(body, bool) else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not least <= number <= most:
            yield Problem(path, "between", {"least": least, "most": most})

    return check


def boolean(body: Any, path: Path) -> Iterator[Problem]:
    if not isinstance(body, bool):
        yield Problem(path, "boolean")


def text(most: int, *, may_be_empty: bool = True) -> Shape:
    def check(body: Any, path: Path) -> Iterator[Problem]:
        if isinstance(body, int):  # also what a file takes for true or false
            yield Problem(path, "quotes")
        elif not isinstance(body, str) or not (body.strip() or may_be_empty):
            yield Problem(path, "text")
        elif len(body) > most:
            yield Problem(path, "long", {"most": most})

    return check


def word(known: Collection[Any]) -> Shape:
    """One of these words."""

    def check(body: Any, path: Path) -> Iterator[Problem]:
        if not isinstance(body, str) or body not in known:
            yield Problem(path, "choice", {"key": str(body)[:80]})

    return check
