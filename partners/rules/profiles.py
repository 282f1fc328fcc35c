"""How complete a company's profile is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ASKED = ("address", "city", "website", "phone", "description", "regions", "industries")


@dataclass(frozen=True)
class Completeness:
    """What is there, and what is missing by name."""

    missing: tuple[str, ...]

    @property
    def done(self) -> int:
        return len(ASKED) - len(self.missing)

    @property
    def asked(self) -> int:
        return len(ASKED)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.asked

    @property
    def is_complete(self) -> bool:
        return not self.missing


def completeness(facts: Mapping[str, Any]) -> Completeness:
    """Return how much of what is asked for is filled in."""
    return Completeness(tuple(name for name in ASKED if not facts.get(name)))
