"""What has changed since a quote was priced: prices, availability, and the registration behind it.

Before issue a drift is settled: prices are taken over, and what cannot be ordered is taken off. After issue the quoted
prices are held, and a drift is only told: to the partner, to the vendor who will deliver, and never as a new price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What can have changed."""

    DEARER = "dearer"
    CHEAPER = "cheaper"
    UNAVAILABLE = "unavailable"
    UNPRICED = "unpriced"
    UNPROTECTED = "unprotected"
    PROTECTION_ENDS = "protection_ends"


@dataclass(frozen=True)
class Quoted:
    """A line as it was priced."""

    key: str
    name: str
    unit_net: Decimal


@dataclass(frozen=True)
class Today:
    """The same line as it would be priced now; no price means that no list in force has one."""

    unit_net: Decimal | None
    is_available: bool = True


@dataclass(frozen=True)
class Drift:
    """One thing that is no longer as it was."""

    kind: Kind
    name: str = ""
    was: Decimal | None = None
    now: Decimal | None = None
    day: date | None = None

    @property
    def blocks_issue(self) -> bool:
        """Everything about a line has to be settled first; the protection only shortens the validity."""
        return self.kind in (Kind.DEARER, Kind.CHEAPER, Kind.UNAVAILABLE, Kind.UNPRICED)


@dataclass(frozen=True)
class Registration:
    """What a quote knew of its registration, and what is true of it now."""

    was_protected: bool
    protected_until: date | None


def find(
    lines: Iterable[Quoted],
    today: Mapping[str, Today],
    registration: Registration | None,
    *,
    on: date,
    valid_until: date | None,
) -> list[Drift]:
    """Return what has changed, line by line, and the registration last."""
    found = [drift for line in lines if (drift := _of_line(line, today.get(line.key)))]
    if registration and registration.was_protected:
        end = registration.protected_until
        if end is None or end < on:
            found.append(Drift(Kind.UNPROTECTED))
        elif valid_until and end < valid_until:
            found.append(Drift(Kind.PROTECTION_ENDS, day=end))
    return found


def _of_line(line: Quoted, now: Today | None) -> Drift | None:
    if now is None or not now.is_available:
        return Drift(Kind.UNAVAILABLE, line.name)
    if now.unit_net is None:
        return Drift(Kind.UNPRICED, line.name)
    if now.unit_net == line.unit_net:
        return None
    kind = Kind.DEARER if now.unit_net > line.unit_net else Kind.CHEAPER
    return Drift(kind, line.name, was=line.unit_net, now=now.unit_net)


def valid_until(today: date, days: int, protected_until: date | None) -> date:
    """Return the last day of a quote issued today: so many days on, but never past the protection's end."""
    last = today + timedelta(days=days)
    return min(last, protected_until) if protected_until and protected_until >= today else last
