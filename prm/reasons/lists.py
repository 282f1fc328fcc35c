"""Which lists of reasons there are, and what the product comes with. Each app declares its own.

declare("deals.loss", _("A deal that was lost"), ("price", "competitor", "other"), order=50)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prm.policies.fields import Label


@dataclass(frozen=True)
class ReasonList:
    """What the reasons are for, and those of the product in their order."""

    area: str
    label: Label
    codes: tuple[str, ...]
    order: int


LISTS: dict[str, ReasonList] = {}


def declare(area: str, label: Label, codes: Sequence[str], *, order: int) -> None:
    """Declare a list of reasons."""
    LISTS[area] = ReasonList(area, label, tuple(codes), order)


def all_lists() -> list[ReasonList]:
    """Return every list in its order."""
    return sorted(LISTS.values(), key=lambda found: (found.order, found.area))
