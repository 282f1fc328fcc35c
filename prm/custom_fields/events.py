"""What happened to custom fields, and to the values of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class CustomFieldAdded(Fact):
    kind: str
    label: str


@dataclass(frozen=True)
class CustomFieldChanged(Fact):
    kind: str
    label: str
    changes: tuple[tuple[str, Any, Any], ...]  # what of it, before and after


@dataclass(frozen=True)
class CustomFieldRetired(Fact):
    kind: str
    label: str


@dataclass(frozen=True)
class CustomFieldReturned(Fact):
    """A retired field is asked again."""

    kind: str
    label: str


@dataclass(frozen=True)
class CustomValuesChanged(Fact):
    """Each change is the label of a field, and its value as it is stored before and after."""

    record_id: UUID
    changes: tuple[tuple[str, Any, Any], ...]
