"""Which records need agreement, where their page is, and what they are called in a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Subject = Any


@dataclass(frozen=True)
class Declared:
    """A kind of record: the name of the page on which it is decided, and how it is called in a line."""

    page: str
    title: Callable[[Subject], str]


SUBJECTS: dict[str, Declared] = {}


def declare(model: str, *, page: str, title: Callable[[Subject], str] = str) -> None:
    """Let records of a model, such as `deals.registration`, be told of where somebody has to agree to them."""
    SUBJECTS[model] = Declared(page, title)
