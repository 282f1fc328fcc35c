"""What happened to approvals and to those who stand in. How a record was decided in the end is its own app's to say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class ApprovalStarted(Fact):
    """`steps` are those that are asked now, here and below."""

    approval_id: UUID
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalGiven(Fact):
    """Somebody agreed, and others still have to."""

    is_undoable = True
    approval_id: UUID
    steps: tuple[str, ...]
    step_name: str
    note: str = ""
    on_behalf: str = ""


@dataclass(frozen=True)
class ApprovalUndone(Fact):
    approval_id: UUID
    step_name: str


@dataclass(frozen=True)
class ApprovalTouched(Fact):
    """What was agreed to changed; `stale` names the steps whose decisions no longer count."""

    approval_id: UUID
    steps: tuple[str, ...]
    stale: tuple[str, ...]


@dataclass(frozen=True)
class ApprovalRecalled(Fact):
    approval_id: UUID


@dataclass(frozen=True)
class ApprovalEscalated(Fact):
    """The time of steps is over: somebody else may decide them too."""

    approval_id: UUID
    steps: tuple[str, ...]
    step_names: tuple[str, ...]


@dataclass(frozen=True)
class AbsenceSet(Fact):
    user_id: UUID
    user: str
    stand_in: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True)
class AbsenceEnded(Fact):
    """An absence was taken back, or ended early."""

    user_id: UUID
    user: str
    stand_in: str
