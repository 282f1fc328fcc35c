"""Whether the vendor itself works at a customer, and what of it counts against a registration.

Only what was logged before the registration was sent counts, whatever day is claimed: nobody can make up a meeting
after a partner has shown where the deal is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from deals.enums import Stage
from deals.rules.conflicts import Standing
from deals.rules.matching.classes import Likeness
from deals.rules.terms import Terms


class Weight(StrEnum):
    """Whether something of the vendor's own counts, or why not."""

    COUNTS = "counts"
    LOGGED_LATER = "logged_later"
    OTHER_PRODUCTS = "other_products"
    OVER = "over"  # it was won or lost before
    TOO_OLD = "too_old"


@dataclass(frozen=True)
class Logged:
    """An opportunity or a touch of the vendor: the day it is said to have been, and when we heard of it.

    Without families it is about all products.
    """

    standing: Standing
    record_id: UUID
    customer_id: UUID
    on: date
    logged_at: datetime
    families: frozenset[UUID] = frozenset()
    closed_at: datetime | None = None
    title: str = ""
    who: str = ""
    phase: Stage | None = None  # how far an opportunity is, as far as that is known
    phase_at: datetime | None = None  # when we heard of that


@dataclass(frozen=True)
class Engagement:
    """Something the vendor logged and how it weighs; with a `likeness` its customer is another that looks like it."""

    logged: Logged
    weight: Weight
    likeness: Likeness | None = None

    @property
    def counts(self) -> bool:
        return self.weight == Weight.COUNTS


def weigh(
    logged: Iterable[Logged],
    *,
    sent_at: datetime,
    today: date,
    families: frozenset[UUID],
    terms: Terms,
    alike: Mapping[UUID, Likeness] = MappingProxyType({}),
) -> list[Engagement]:
    """Return each thing with its weight against a registration sent at an instant; what counts comes first."""
    found = [
        Engagement(row, _weight(row, sent_at, today, families, terms), alike.get(row.customer_id)) for row in logged
    ]
    return sorted(found, key=lambda each: (not each.counts, each.logged.logged_at, each.logged.record_id))


def phase_of(engagements: Iterable[Engagement], *, sent_at: datetime) -> Stage | None:
    """Return how far the vendor's own opportunities that count are: the furthest.

    Nothing if of one of them it was not known when the registration was sent: nobody guesses.
    """
    found = [each.logged for each in engagements if each.counts and each.logged.standing == Standing.DIRECT_OPPORTUNITY]
    known = [row.phase for row in found if row.phase and row.phase_at and row.phase_at < sent_at]
    return max(known, key=list(Stage).index) if known and len(known) == len(found) else None


def _weight(row: Logged, sent_at: datetime, today: date, families: frozenset[UUID], terms: Terms) -> Weight:
    if row.logged_at >= sent_at:
        return Weight.LOGGED_LATER
    if row.families and families and not row.families & families:
        return Weight.OTHER_PRODUCTS
    if row.closed_at is not None and row.closed_at <= sent_at:
        return Weight.OVER
    is_touch = row.standing == Standing.DIRECT_TOUCH
    days = terms.direct_touch_days if is_touch else terms.direct_opportunity_days
    return Weight.TOO_OLD if (today - row.on).days > days else Weight.COUNTS
