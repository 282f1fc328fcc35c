"""Which price list a partner buys from, and whether two versions of one list meet on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Offer:
    """A list with the partner types and tiers it is for; none of either means all of them."""

    id: str
    name: str
    types: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()

    def is_for(self, type_: str, tier_id: str) -> bool:
        return (not self.types or type_ in self.types) and (not self.tiers or tier_id in self.tiers)

    @property
    def rank(self) -> tuple[bool, bool, str]:
        """A list for a tier comes before one for a type, and that before one for everybody."""
        return (not self.tiers, not self.types, self.name)


def closest(offers: Iterable[Offer], *, type_: str, tier_id: str) -> Offer | None:
    """Return the list that is made most closely for a partner, or nothing where none is for it."""
    return min((offer for offer in offers if offer.is_for(type_, tier_id)), key=lambda offer: offer.rank, default=None)


@dataclass(frozen=True)
class Span:
    """The days a version applies, both counting; without a last day it goes on until the next version."""

    number: int
    starts_on: date
    ends_on: date | None = None

    def meets(self, other: Span) -> bool:
        return self._reaches(other.starts_on) and other._reaches(self.starts_on)

    def _reaches(self, day: date) -> bool:
        return self.ends_on is None or self.ends_on >= day


def in_the_way(new: Span, published: Collection[Span]) -> Span | None:
    """Return the published version that a new one would overlap, or nothing.

    A version without a last day that began earlier gives way: it ends the day before the new one starts.
    """
    giving_way = to_end(new, published)
    return next((span for span in published if span.meets(new) and span != giving_way), None)


def to_end(new: Span, published: Collection[Span]) -> Span | None:
    """Return the version that gives way to a new one, or nothing."""
    return next((span for span in published if span.ends_on is None and span.starts_on < new.starts_on), None)
