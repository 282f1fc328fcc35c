"""What an area settles beside its rules: plain values that hold for every record unless a rule says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prm.policies.fields import Field


@dataclass(frozen=True)
class Term:
    """A yes or no, a whole number within limits, several of them, or choices in an order.

    `default` holds where a version is silent.
    """

    field: Field
    default: Any
    least: int = 0
    most: int = 0

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def is_list(self) -> bool:
        return isinstance(self.default, tuple)

    def of(self, body: Mapping[str, Any]) -> Any:
        """Return what a version says."""
        return body.get(self.name, list(self.default) if self.is_list else self.default)


@dataclass(frozen=True)
class Said:
    """One thing that a version says, in words; `key` tells what it is about, so that two versions can be compared."""

    key: str
    label: Any
    words: str
