"""Tables of `(status, action) → status`, and what is raised when an action is not in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

S = TypeVar("S")
A = TypeVar("A")


class NotAllowed(Exception):
    """The action does not fit the status."""

    def __init__(self, status: Any, action: Any) -> None:
        super().__init__(f"{action} does not fit {status}")
        self.status, self.action = status, action


def after(table: Mapping[tuple[S, A], S], status: S, action: A) -> S:
    """Return the status after an action, or raise `NotAllowed`."""
    try:
        return table[status, action]
    except KeyError:
        raise NotAllowed(status, action) from None
