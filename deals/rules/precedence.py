"""Who comes first among those who are after one customer and product: by the vendor's own order of criteria.

One criterion after the other tells those apart whom the ones before left equal. What is not known of all who are
still equal tells none of them apart: nobody comes first by a guess. The earlier submission leaves nobody equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from deals.enums import Criterion

NEVER = datetime.max.replace(tzinfo=UTC)
EARLIER_FIRST = (Criterion.APPROVAL, Criterion.SUBMISSION)


@dataclass(frozen=True)
class Claim:
    """One who is after the customer, and what is known of it by criterion; what is not known is nothing.

    `number` tells apart who was submitted at the same instant.
    """

    registration_id: UUID
    number: str
    known: Mapping[Criterion, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why one comes before another: by which criterion, and which ones before could not tell for want of facts."""

    by: Criterion
    ahead: Any
    behind: Any
    passed_over: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Place:
    """A place in the order, and why it is before the next one."""

    claim: Claim
    reason: Reason | None = None


@dataclass(frozen=True)
class Ranking:
    """All in their order, the first first."""

    places: tuple[Place, ...] = ()
    order: tuple[Criterion, ...] = ()

    @property
    def first(self) -> UUID | None:
        return self.places[0].claim.registration_id if self.places else None

    def why(self, ahead: UUID, behind: UUID) -> Reason | None:
        """Return why one comes before another; nothing if it does not."""
        claims = [place.claim for place in self.places]
        at = {claim.registration_id: place for place, claim in enumerate(claims)}
        if at[ahead] >= at[behind]:
            return None
        return _why(claims, claims[at[ahead]], claims[at[behind]], self.order)


def rank(claims: Iterable[Claim], order: Sequence[Criterion]) -> Ranking:
    """Return the claims in their order, each with the reason why it comes before the next."""
    steps = (*(criterion for criterion in order if criterion != Criterion.SUBMISSION), Criterion.SUBMISSION)
    if Criterion.SUBMISSION in order:
        steps = tuple(order[: order.index(Criterion.SUBMISSION) + 1])  # it leaves nobody equal
    found = _ranked(list(claims), steps)
    reasons = [_why(found, ahead, behind, steps) for ahead, behind in pairwise(found)]
    places = tuple(Place(claim, reason) for claim, reason in zip(found, [*reasons, None], strict=False))
    return Ranking(places, steps)


def _ranked(equal: list[Claim], steps: Sequence[Criterion]) -> list[Claim]:
    if len(equal) < 2 or not steps:
        return equal
    if not _is_known(steps[0], equal):
        return _ranked(equal, steps[1:])
    key = lambda claim: _key(steps[0], claim)  # noqa: E731
    found: list[Claim] = []
    for _same, group in groupby(sorted(equal, key=key), key=key):
        found += _ranked(list(group), steps[1:])
    return found


def _why(equal: Sequence[Claim], ahead: Claim, behind: Claim, steps: Sequence[Criterion]) -> Reason:
    """Return what tells two apart, as `_ranked` told them apart among all."""
    passed_over: list[Criterion] = []
    for criterion in steps[:-1]:
        if not _is_known(criterion, equal):
            passed_over.append(criterion)
        elif _key(criterion, ahead) != _key(criterion, behind):
            return Reason(criterion, ahead.known[criterion], behind.known[criterion], tuple(passed_over))
        else:
            equal = [claim for claim in equal if _key(criterion, claim) == _key(criterion, ahead)]
    last = steps[-1]
    return Reason(last, ahead.known.get(last), behind.known.get(last), tuple(passed_over))


def _is_known(criterion: Criterion, claims: Iterable[Claim]) -> bool:
    return criterion == Criterion.SUBMISSION or all(claim.known.get(criterion) is not None for claim in claims)


def _key(criterion: Criterion, claim: Claim) -> Any:
    """Return by what claims are sorted, the smallest first."""
    if criterion == Criterion.SUBMISSION:
        return claim.known.get(criterion) or NEVER, claim.number, claim.registration_id
    value = claim.known[criterion]
    return value if criterion in EARLIER_FIRST else -value
