"""How a claim moves: one table, and nowhere else."""

from __future__ import annotations

from mdf.enums import ClaimAction as Action
from mdf.enums import ClaimStatus as Status


class NotAllowed(Exception):
    """The action does not fit the status."""

    def __init__(self, status: Status, action: Action) -> None:
        super().__init__(f"{action} does not fit {status}")
        self.status, self.action = status, action


TABLE: dict[tuple[Status, Action], Status] = {
    (Status.DRAFT, Action.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.OPEN): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.JUDGE): Status.IN_REVIEW,
    (Status.IN_REVIEW, Action.JUDGE): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.ASK): Status.INFO_REQUESTED,
    (Status.IN_REVIEW, Action.ASK): Status.INFO_REQUESTED,
    (Status.INFO_REQUESTED, Action.ANSWER): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.AGREE): Status.IN_REVIEW,
    (Status.IN_REVIEW, Action.AGREE): Status.IN_REVIEW,
    (Status.SUBMITTED, Action.APPROVE): Status.APPROVED,
    (Status.IN_REVIEW, Action.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Action.REJECT): Status.REJECTED,
    (Status.IN_REVIEW, Action.REJECT): Status.REJECTED,
    (Status.DRAFT, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.IN_REVIEW, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.INFO_REQUESTED, Action.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Action.SCHEDULE): Status.SCHEDULED,
    (Status.PART_PAID, Action.SCHEDULE): Status.SCHEDULED,
    (Status.SCHEDULED, Action.UNSCHEDULE): Status.APPROVED,
    (Status.SCHEDULED, Action.UNSCHEDULE_REST): Status.PART_PAID,
    (Status.SCHEDULED, Action.PAY_PART): Status.PART_PAID,
    (Status.SCHEDULED, Action.PAY): Status.PAID,
    (Status.REJECTED, Action.REOPEN): Status.IN_REVIEW,
    **{(status, Action.RAISE): status for status in (Status.APPROVED, Status.SCHEDULED, Status.PART_PAID)},
    (Status.PAID, Action.RAISE): Status.PART_PAID,
    (Status.PAID, Action.CLAW_BACK): Status.CLAWED_BACK,
    (Status.PAID, Action.CLAW_BACK_PART): Status.PAID,
}


def after(status: Status, action: Action) -> Status:
    """Return the status after an action, or raise `NotAllowed`."""
    if not allows(status, action):
        raise NotAllowed(status, action)
    return TABLE[status, action]


def allows(status: Status, action: Action) -> bool:
    """Say whether an action fits the status."""
    return (status, action) in TABLE
