"""What apps look at for the health page. Each declares its own; the platform knows none of them.

@health_check
def ledger(now: datetime) -> Answer:
    return Answer("ok", "mdf/health/ledger_matches.txt", {"counted_at": …})
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Link:
    """Where to look closer."""

    label: str
    url: str


@dataclass(frozen=True)
class Answer:
    """How a part is: a tone, and a template that says so in its first line and what to do in the rest."""

    tone: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


Check = Callable[[datetime], Answer]
CHECKS: list[Check] = []


def health_check(function: Check) -> Check:
    """Declare a check. It looks at all vendors, as the system role, and has to be quick."""
    CHECKS.append(function)
    return function


def answers(now: datetime) -> list[Answer]:
    """Ask every app how it is."""
    return [check(now) for check in CHECKS]
