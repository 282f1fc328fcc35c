"""How a revision of a quote moves: one table for where it stands, one for its approval, and nowhere else."""

from __future__ import annotations

from typing import Any, NamedTuple

from quotes.enums import Action, Approval, Status


class State(NamedTuple):
    """Where a revision and its approval stand."""

    status: Status
    approval: Approval


class NotAllowed(Exception):
    """The action does not fit the state."""

    def __init__(self, state: State, action: Action) -> None:
        super().__init__(f"{action} does not fit {state}")
        self.state, self.action = state, action


STATUS: dict[tuple[Status, Action], Status] = {
    (Status.DRAFT, Action.ASK_APPROVAL): Status.PENDING_APPROVAL,
    (Status.DRAFT, Action.CLEAR): Status.APPROVED,
    (Status.PENDING_APPROVAL, Action.APPROVE): Status.APPROVED,
    (Status.PENDING_APPROVAL, Action.REJECT): Status.DRAFT,
    (Status.PENDING_APPROVAL, Action.RECALL): Status.DRAFT,
    (Status.DRAFT, Action.OVERTURN): Status.APPROVED,
    (Status.APPROVED, Action.REOPEN): Status.DRAFT,
    (Status.APPROVED, Action.ISSUE): Status.ISSUED,
    (Status.ISSUED, Action.ACCEPT): Status.ACCEPTED,
    (Status.ISSUED, Action.DECLINE): Status.DECLINED,
    (Status.ISSUED, Action.EXPIRE): Status.EXPIRED,
    **{(status, Action.SUPERSEDE): Status.SUPERSEDED for status in (Status.ISSUED, Status.DECLINED, Status.EXPIRED)},
    **{
        (status, Action.WITHDRAW): Status.WITHDRAWN
        for status in (Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED, Status.ISSUED)
    },
}

_NEW = (Approval.NOT_REQUIRED, Approval.REJECTED, Approval.RECALLED, Approval.STALE)

APPROVAL: dict[tuple[Approval, Action], Approval] = {
    **{(approval, Action.ASK_APPROVAL): Approval.PENDING for approval in _NEW},
    **{(approval, Action.CLEAR): Approval.NOT_REQUIRED for approval in _NEW},
    (Approval.PENDING, Action.APPROVE): Approval.APPROVED,
    (Approval.PENDING, Action.REJECT): Approval.REJECTED,
    (Approval.PENDING, Action.RECALL): Approval.RECALLED,
    (Approval.REJECTED, Action.OVERTURN): Approval.APPROVED,
    (Approval.APPROVED, Action.REOPEN): Approval.STALE,
    (Approval.NOT_REQUIRED, Action.REOPEN): Approval.NOT_REQUIRED,
    **{(approval, Action.WITHDRAW): approval for approval in Approval if approval != Approval.PENDING},
    (Approval.PENDING, Action.WITHDRAW): Approval.RECALLED,
}

_Axis = dict[tuple[Any, Action], Any]
_AXES: tuple[_Axis, _Axis] = (STATUS, APPROVAL)
_MOVED_BY = tuple({action for _, action in axis} for axis in _AXES)


def after(state: State, action: Action) -> State:
    """Return the state after an action, or raise `NotAllowed`."""
    if not allows(state, action):
        raise NotAllowed(state, action)
    return State(*(axis.get((here, action), here) for axis, here in zip(_AXES, state, strict=True)))


def allows(state: State, action: Action) -> bool:
    """Say whether every axis that the action moves can move."""
    return all(
        action not in moved or (here, action) in axis for axis, moved, here in zip(_AXES, _MOVED_BY, state, strict=True)
    )
