"""Who else is after the same end customer, why we think so, and what follows.

A shared tax number, website or normalised name with a protected rival for the same product family blocks approval. A
company that only looks like the same one (see `deals.rules.matching`) never does: it is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from deals.enums import KeyKind, ProtectionState, Review, Stage
from deals.rules.matching.classes import Likeness

PENDING = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED)
IN_FORCE = (ProtectionState.ACTIVE, ProtectionState.EXPIRING)


class Verdict(StrEnum):
    """What a partner is told of a customer."""

    FREE = "free"
    MAY_CONFLICT = "may_conflict"
    TAKEN = "taken"


class Standing(StrEnum):
    """Why a rival matters."""

    PROTECTED = "protected"
    PENDING = "pending"
    WON = "won"
    BESIDE = "beside"  # approved without a protection
    DIRECT_OPPORTUNITY = "direct_opportunity"  # of the vendor itself, as those below
    DIRECT_TOUCH = "direct_touch"
    EXISTING_CUSTOMER = "existing_customer"
    NAMED_ACCOUNT = "named_account"


@dataclass(frozen=True)
class Contender:
    """What the check needs to know of a registration."""

    registration_id: UUID
    partner_id: UUID
    keys: Mapping[KeyKind, str]
    families: frozenset[UUID]
    review: Review = Review.DRAFT
    protection: ProtectionState = ProtectionState.NONE
    stage: Stage = Stage.PROSPECT
    submitted_on: date | None = None
    protected_until: date | None = None
    closed_on: date | None = None
    customer_id: UUID | None = None
    is_beside: bool = False


@dataclass(frozen=True)
class Conflict:
    """A rival, the keys it shares, the families both are after, and why it matters.

    Where no key is shared, `likeness` says how its customer looks like this one.
    """

    rival: Contender
    reasons: tuple[KeyKind, ...]
    families: frozenset[UUID]
    standing: Standing
    is_own: bool = field(default=False)
    likeness: Likeness | None = None

    @property
    def blocks_approval(self) -> bool:
        """Two protections for one customer and family cannot be; who asks again is told so too."""
        return self.standing == Standing.PROTECTED and bool(self.families) and bool(self.reasons)

    @property
    def verdict(self) -> Verdict:
        return Verdict.TAKEN if self.blocks_approval and not self.is_own else Verdict.MAY_CONFLICT


def find(
    contender: Contender,
    others: Iterable[Contender],
    *,
    today: date,
    look_back_days: int,
    alike: Mapping[UUID, Likeness] = MappingProxyType({}),
) -> list[Conflict]:
    """Return the conflicts, those that block approval first, then the earliest submitted.

    A rival whose registration was submitted more than `look_back_days` ago counts only while protected. What the
    partner itself won makes it the incumbent, and is no conflict. `alike` are the customers that look like the
    contender's.
    """
    found = []
    for rival in others:
        reasons = _shared_keys(contender, rival)
        likeness = alike.get(rival.customer_id) if rival.customer_id and not reasons else None
        standing = _standing(rival, today, look_back_days)
        if rival.registration_id == contender.registration_id or not (reasons or likeness) or standing is None:
            continue
        shared = contender.families & rival.families
        is_own = rival.partner_id == contender.partner_id
        if not (is_own and standing == Standing.WON):
            found.append(Conflict(rival, reasons, shared, standing, is_own, likeness))
    return sorted(found, key=lambda c: (not c.blocks_approval, c.rival.submitted_on or today, c.rival.registration_id))


def verdict_for(family: UUID, conflicts: Iterable[Conflict]) -> Verdict:
    """Return what to tell a partner about one product family."""
    told = {conflict.verdict for conflict in conflicts if family in conflict.families}
    return Verdict.TAKEN if Verdict.TAKEN in told else Verdict.MAY_CONFLICT if told else Verdict.FREE


def overall(conflicts: Iterable[Conflict]) -> Verdict:
    """Return the strongest verdict; a rival after other products only may conflict."""
    told = {conflict.verdict for conflict in conflicts}
    return Verdict.TAKEN if Verdict.TAKEN in told else Verdict.MAY_CONFLICT if told else Verdict.FREE


def _shared_keys(one: Contender, other: Contender) -> tuple[KeyKind, ...]:
    shared = tuple(kind for kind in KeyKind if one.keys.get(kind) and one.keys.get(kind) == other.keys.get(kind))
    if not shared and one.customer_id is not None and one.customer_id == other.customer_id:
        return (KeyKind.NAME,)  # the vendor knows both spellings as one customer
    return shared


def _standing(rival: Contender, today: date, look_back_days: int) -> Standing | None:
    if rival.protection in IN_FORCE and rival.protected_until and rival.protected_until >= today:
        return Standing.PROTECTED
    since = rival.closed_on or rival.submitted_on
    if since is None or (today - since).days > look_back_days:
        return None
    if rival.stage == Stage.WON:
        return Standing.WON
    if rival.is_beside and rival.review == Review.APPROVED and rival.stage != Stage.LOST:
        return Standing.BESIDE
    return Standing.PENDING if rival.review in PENDING else None
