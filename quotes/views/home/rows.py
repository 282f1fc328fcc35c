"""Rows of the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from quotes.queries import home as queries

FEW = 3  # more than these of a kind become one row

Row = dict[str, Any]
Thing = TypeVar("Thing")


def few(found: Sequence[Thing], row: Callable[[Thing], Row], many: Callable[[str, int], Row]) -> list[Row]:
    """Return a row for each, or one row for all of them when they are many."""
    if len(found) <= FEW:
        return [row(entry) for entry in found]
    count = f"{len(found) - 1}+" if len(found) == queries.MOST else str(len(found))
    return [many(count, len(found))]


def row(tone: str, icon: str, title: str, text: str, url: str, action: str) -> Row:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action}
