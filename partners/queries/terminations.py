"""What ends together with the work with a partner: each app above says it of its own records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from partners.models import Partner


@dataclass(frozen=True)
class Ending:
    """How many records of a kind a termination concerns; `template` has the sentence."""

    count: int
    template: str


Source = Callable[[Partner], Iterable[Ending]]
_SOURCES: list[Source] = []


def asks(source: Source) -> Source:
    """Let an app say what a termination does to its records."""
    _SOURCES.append(source)
    return source


def endings_of(partner: Partner) -> list[Ending]:
    """Return what ends with the partner, without what there is none of."""
    return [ending for source in _SOURCES for ending in source(partner) if ending.count]
