"""How an application moves: one table, and nowhere else."""

from __future__ import annotations

from partners.enums import ApplicationAction as Action
from partners.enums import ApplicationStatus as Status


class NotAllowed(Exception):
    """The action does not fit the status."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action} does not fit {status}")
        self.status, self.action = status, action


WAITING = (Status.SUBMITTED, Status.IN_REVIEW)
OPEN = (*WAITING, Status.INFO_REQUESTED)

TABLE: dict[tuple[Status, Action], Status] = {
    (Status.DRAFT, Action.SUBMIT): Status.SUBMITTED,
    (Status.DRAFT, Action.EXPIRE): Status.EXPIRED,
    (Status.DRAFT, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Action.OPEN): Status.IN_REVIEW,
    (Status.INFO_REQUESTED, Action.ANSWER): Status.IN_REVIEW,
    (Status.REJECTED, Action.REOPEN): Status.IN_REVIEW,
    (Status.INFO_REQUESTED, Action.EXPIRE): Status.EXPIRED,
    **{(status, Action.ASK): Status.INFO_REQUESTED for status in WAITING},
    **{(status, Action.APPROVE): Status.APPROVED for status in WAITING},
    **{(status, Action.REJECT): Status.REJECTED for status in WAITING},
    **{(status, Action.WITHDRAW): Status.WITHDRAWN for status in OPEN},
}


def after(status: Status, action: Action) -> Status:
    """Return the status after an action, or raise `NotAllowed`."""
    try:
        return TABLE[status, action]
    except KeyError as error:
        raise NotAllowed(status, action) from error


def allows(status: Status, action: Action) -> bool:
    """Say whether an action fits the status."""
    return (status, action) in TABLE
