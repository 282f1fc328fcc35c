"""What is promised: each app declares its own, by the vendor or by partners.

vendors("deals.registration", _("Decision on a registration"), promised=…, cases=…)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prm.clocks.clock import Promise
from prm.promises.measures import Case

Cases = Callable[[datetime, datetime], Iterable[Case]]


@dataclass(frozen=True)
class Promised:
    """What holds now: the usual promise, whether rules may shorten it, and what silence may come to count as."""

    promise: Promise
    is_usual: bool = False
    deemed: bool = False
    in_calendar_days: bool = False


@dataclass(frozen=True)
class Kind:
    """Something that one side promises the other. `cases` are those that may count between two instants."""

    code: str
    label: Any
    promised: Callable[[], Promised | None]
    cases: Cases
    is_vendors: bool
    for_partners: bool = True
    order: int = 50


KINDS: dict[str, Kind] = {}


def vendors(code: str, label: Any, **facts: Any) -> None:
    """Declare what the vendor promises; without `for_partners` its partners have no part in it."""
    KINDS[code] = Kind(code, label, is_vendors=True, **facts)


def partners(code: str, label: Any, **facts: Any) -> None:
    """Declare what partners promise."""
    KINDS[code] = Kind(code, label, is_vendors=False, **facts)


def of_side(*, is_vendors: bool, for_partner: bool) -> list[Kind]:
    """Return what one side promises, as far as whoever asks has a part in it."""
    side = [kind for kind in KINDS.values() if kind.is_vendors == is_vendors]
    found = [kind for kind in side if kind.for_partners or not for_partner]
    return sorted(found, key=lambda kind: (kind.order, kind.code))
