"""Which records need agreement: where their page is, what they are called, and what steps can look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Subject = Any


@dataclass(frozen=True)
class Declared:
    """A kind of record: the page on which it is decided, its name in a line, and the area whose rules have its steps.

    `facts` are what its steps can look at, with their labels. One that `tells_first` tells whom it asks itself.
    """

    page: str
    title: Callable[[Subject], str]
    area: str = ""
    facts: Sequence[tuple[str, Any]] = ()
    tells_first: bool = False


SUBJECTS: dict[str, Declared] = {}


def declare(model: str, *, page: str, title: Callable[[Subject], str] = str, **facts: Any) -> None:
    """Let records of a model, such as `deals.registration`, be told of where somebody has to agree to them."""
    SUBJECTS[model] = Declared(page, title, **facts)


def of_area(area: str) -> Declared | None:
    """Return the kind of record whose steps an area has."""
    return next((declared for declared in SUBJECTS.values() if area and declared.area == area), None)
