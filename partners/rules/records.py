"""What is known of a partner when its tier is evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from partners.enums import Metric
from prm.policies.periods import months_later

ANYTHING = "*"  # the role and certification of somebody who is only supposed


@dataclass(frozen=True)
class Entry:
    """Something achieved on a day; reversals are negative."""

    metric: Metric
    on: date
    amount: Decimal
    currency: str = ""
    families: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Certificate:
    """That a person is certified from a day to a last day."""

    person: str
    certification: str
    role: str
    starts_on: date
    ends_on: date | None = None

    def counts(self, on: date, certification: str, role: str) -> bool:
        """Say whether it is valid on a day and what a requirement asks for."""
        return (
            self.starts_on <= on
            and (self.ends_on is None or on <= self.ends_on)
            and (not certification or self.certification in (certification, ANYTHING))
            and (not role or self.role in (role, ANYTHING))
        )


@dataclass(frozen=True)
class Confirmation:
    """That a person of the vendor confirmed something, until a last day."""

    label: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Waiver:
    """That a requirement is not asked of a partner until a last day."""

    requirement: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Record:
    """All of it, for one partner."""

    joined_on: date
    entries: tuple[Entry, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def certified(self, on: date, certification: str, role: str) -> int:
        """Return how many people are certified on a day, each counted once."""
        return len({held.person for held in self.certificates if held.counts(on, certification, role)})

    def months(self, on: date) -> int:
        """Return how many whole months the partner is in the programme."""
        months = (on.year - self.joined_on.year) * 12 + on.month - self.joined_on.month
        return max(0, months if months_later(self.joined_on, months) <= on else months - 1)

    def is_confirmed(self, on: date, label: str) -> bool:
        """Say whether the latest confirmation still holds on a day."""
        return any(
            same(said.label, label) and said.starts_on <= on and (said.ends_on is None or on <= said.ends_on)
            for said in self.confirmations
        )

    def waived_until(self, on: date, requirement: str) -> date | None:
        """Return the last day on which a requirement is not asked, if it is waived on a day."""
        ends = [w.ends_on for w in self.waivers if w.requirement == requirement and w.starts_on <= on <= w.ends_on]
        return max(ends, default=None)

    def supposing(self, entries: Iterable[Entry] = (), people: int = 0, *, on: date) -> Record:
        """Return the record as it would be with more achieved, and more people with every certificate."""
        supposed = tuple(Certificate(f"supposed {number}", ANYTHING, ANYTHING, on) for number in range(people))
        return replace(self, entries=(*self.entries, *entries), certificates=(*self.certificates, *supposed))


def same(label: str, other: str) -> bool:
    """Say whether two labels that people typed mean the same."""
    return " ".join(label.split()).casefold() == " ".join(other.split()).casefold()
