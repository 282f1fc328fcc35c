"""The permission matrix: which roles may do what. Pages, API and tests all ask it.

Each app declares its actions in its own `permissions.py`; the sum of them is the matrix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from prm.accounts.roles import Role


@dataclass(frozen=True)
class Permission:
    """One action and the roles that may do it."""

    action: str
    label: Any
    roles: frozenset[Role]


MATRIX: dict[str, Permission] = {}


def permission(action: str, label: Any, roles: Iterable[Role]) -> Permission:
    """Declare an action such as `deals.registration.decide` and who may do it."""
    if action in MATRIX:
        raise ValueError(f"{action} is declared twice.")
    MATRIX[action] = Permission(action, label, frozenset(roles))
    return MATRIX[action]
