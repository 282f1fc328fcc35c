"""How a request for funds moves: one table, and nowhere else."""

from __future__ import annotations

from mdf.enums import RequestAction as Action
from mdf.enums import RequestStatus as Status


class NotAllowed(Exception):
    """The action does not fit the status."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action} does not fit {status}")
        self.status, self.action = status, action


TABLE: dict[tuple[Status, Action], Status] = {
    (Status.DRAFT, Action.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.OPEN): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.ASK): Status.INFO_REQUESTED,
    (Status.IN_REVIEW, Action.ASK): Status.INFO_REQUESTED,
    (Status.INFO_REQUESTED, Action.ANSWER): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.APPROVE): Status.APPROVED,
    (Status.IN_REVIEW, Action.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Action.REJECT): Status.REJECTED,
    (Status.IN_REVIEW, Action.REJECT): Status.REJECTED,
    (Status.DRAFT, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.IN_REVIEW, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.INFO_REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Action.COMPLETE): Status.COMPLETED,
    (Status.APPROVED, Action.CANCEL): Status.CANCELLED,
    (Status.APPROVED, Action.LAPSE): Status.LAPSED,
    (Status.REJECTED, Action.REOPEN_REJECTED): Status.IN_REVIEW,
    # After an appeal, a request that lapsed may have been claimed for after all.
    (Status.LAPSED, Action.COMPLETE): Status.COMPLETED,
    # An extension after the deadline, and an approval of the last claim that is taken back at once.
    (Status.LAPSED, Action.REOPEN): Status.APPROVED,
    (Status.COMPLETED, Action.REOPEN): Status.APPROVED,
}


def after(status: Status, action: Action) -> Status:
    """Return the status after an action, or raise `NotAllowed`."""
    if not allows(status, action):
        raise NotAllowed(status, action)
    return TABLE[status, action]


def allows(status: Status, action: Action) -> bool:
    return (status, action) in TABLE
