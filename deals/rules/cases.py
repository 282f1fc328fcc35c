"""How a conflict case moves, and what a decision about it means for each registration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from deals.enums import Award, CaseAction, CaseDecision, CaseResult, CaseStatus
from deals.rules.conflicts import Conflict, Standing
from deals.rules.matching.classes import Class

TABLE: dict[tuple[CaseStatus, CaseAction], CaseStatus] = {
    (CaseStatus.OPEN, CaseAction.JOIN): CaseStatus.OPEN,
    (CaseStatus.EVIDENCE_REQUESTED, CaseAction.JOIN): CaseStatus.EVIDENCE_REQUESTED,
    (CaseStatus.OPEN, CaseAction.ASK): CaseStatus.EVIDENCE_REQUESTED,
    (CaseStatus.EVIDENCE_REQUESTED, CaseAction.GO_ON): CaseStatus.OPEN,
    (CaseStatus.OPEN, CaseAction.DECIDE): CaseStatus.DECIDED,
    (CaseStatus.OPEN, CaseAction.SETTLE): CaseStatus.FINAL,
    (CaseStatus.EVIDENCE_REQUESTED, CaseAction.SETTLE): CaseStatus.FINAL,
    (CaseStatus.DECIDED, CaseAction.APPEAL): CaseStatus.APPEALED,
    (CaseStatus.APPEALED, CaseAction.APPEAL): CaseStatus.APPEALED,  # somebody else does, too
    (CaseStatus.APPEALED, CaseAction.STAND): CaseStatus.DECIDED,
    (CaseStatus.DECIDED, CaseAction.CONCLUDE): CaseStatus.FINAL,
    (CaseStatus.APPEALED, CaseAction.CONCLUDE): CaseStatus.FINAL,
}


class NotAllowed(Exception):
    """The action does not fit the status."""


def after(status: CaseStatus, action: CaseAction) -> CaseStatus:
    """Return the status after an action, or raise `NotAllowed`."""
    if not allows(status, action):
        raise NotAllowed(f"{action} does not fit {status}")
    return TABLE[status, action]


def allows(status: CaseStatus, action: CaseAction) -> bool:
    """Say whether an action is possible."""
    return (status, action) in TABLE


def opens(conflict: Conflict) -> bool:
    """Say whether a conflict is such that a case opens by itself.

    Two partners, surely one customer (the same website, tax number, or almost surely the same company), the same
    product, and the other one undecided or protected.
    """
    is_sure = bool(conflict.reasons) or (conflict.likeness is not None and conflict.likeness.kind == Class.SAME)
    is_standing = conflict.standing in (Standing.PENDING, Standing.PROTECTED)
    return is_sure and is_standing and not conflict.is_own and bool(conflict.families)


# -- what a decision means -------------------------------------------------------------------------------
class Unfit(Exception):
    """A decision cannot be made so; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Verdict:
    """A decision: who gets it or is kept, or who gets which product families."""

    decision: CaseDecision
    winner: UUID | None = None
    split: Mapping[UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))  # who gets a family
    is_beside: bool = False  # those who do not get it are approved beside, as second partners


@dataclass(frozen=True)
class Share:
    """What one party gets."""

    result: CaseResult
    families: frozenset[UUID] = frozenset()

    @property
    def is_won(self) -> bool:
        return self.result in (CaseResult.AWARDED, CaseResult.PART)

    @property
    def award(self) -> Award | None:
        """What is given without a protection."""
        return {CaseResult.SHARED: Award.SHARED, CaseResult.SECOND: Award.SECOND}.get(self.result)

    @property
    def is_refused(self) -> bool:
        return self.result in (CaseResult.REFUSED, CaseResult.MERGED)


def action_of(decision: CaseDecision) -> CaseAction:
    """Return how a decision moves a case: that there is no conflict needs no evidence, and cannot be appealed."""
    return CaseAction.SETTLE if decision == CaseDecision.APART else CaseAction.DECIDE


def shares_of(
    verdict: Verdict, parties: Mapping[UUID, frozenset[UUID]], gone: frozenset[UUID] = frozenset()
) -> dict[UUID, Share]:
    """Return what each party gets, given the families that each registered. No family is ever given twice.

    Nothing goes on for those who are `gone`: withdrawn, or ended otherwise.

    Raises `Unfit`.
    """
    match verdict.decision:
        case CaseDecision.REJECT:
            return {party: Share(CaseResult.REFUSED) for party in parties}
        case CaseDecision.APART:
            return {party: Share(CaseResult.LEFT if party in gone else CaseResult.APART) for party in parties}
        case CaseDecision.SHARE:
            shares = {
                party: Share(CaseResult.LEFT) if party in gone else Share(CaseResult.SHARED, families)
                for party, families in parties.items()
            }
            if sum(share.result == CaseResult.SHARED for share in shares.values()) < 2:
                raise Unfit("nobody_to_share")
            return shares
        case CaseDecision.SPLIT:
            return _split(verdict.split, parties)
    if verdict.winner not in parties:
        raise Unfit("nobody_chosen")
    won, lost = CaseResult.AWARDED, CaseResult.REFUSED
    if verdict.decision == CaseDecision.MERGE:
        won, lost = CaseResult.KEPT, CaseResult.MERGED
    beside = CaseResult.SECOND if verdict.is_beside and verdict.decision == CaseDecision.AWARD else None
    return {
        party: Share(won, families)
        if party == verdict.winner
        else Share(beside, families)
        if beside and party not in gone
        else Share(lost)
        for party, families in parties.items()
    }


def _split(split: Mapping[UUID, UUID], parties: Mapping[UUID, frozenset[UUID]]) -> dict[UUID, Share]:
    found = {}
    for party, registered in parties.items():
        given = frozenset(family for family, to in split.items() if to == party)
        if given - registered:
            raise Unfit("not_registered")
        result = CaseResult.REFUSED if not given else CaseResult.AWARDED if given == registered else CaseResult.PART
        found[party] = Share(result, given)
    if set(split.values()) - set(parties):
        raise Unfit("nobody_chosen")
    if sum(share.is_won for share in found.values()) < 2:
        raise Unfit("not_split")
    return found
