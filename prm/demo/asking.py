"""Custom fields of the demo's vendors, defined and filled in as people do it: through the services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.custom_fields import queries, services
from prm.custom_fields.definitions import Definition, Option
from prm.custom_fields.kinds import KINDS


def options(*pairs: tuple[str, str]) -> tuple[Option, ...]:
    """Return choices by their keys."""
    return tuple(Option(key, label) for key, label in pairs)


def define(kind: str, definitions: Iterable[Definition], *, at: datetime) -> None:
    """Let the administrator add fields."""
    administrator = Membership.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    for definition in definitions:
        services.add(KINDS[kind], definition, by=administrator, at=at)


def answers(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return what is answered as far as it is asked by now."""
    asked = {definition.key for definition in queries.definitions_of(kind)}
    return {key: value for key, value in given.items() if key in asked}


def fill(kind: str, row: Any, given: dict[str, Any], *, by: Membership, at: datetime) -> None:
    """Let somebody of the vendor fill in fields of a record."""
    services.answer(KINDS[kind], row, given, seen=row.custom, by=by, at=at)
