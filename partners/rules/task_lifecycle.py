"""How a task of a checklist moves: open, submitted, then accepted or returned."""

from __future__ import annotations

from partners.enums import TaskAction as Action
from partners.enums import TaskStatus as Status

UNDONE = (Status.OPEN, Status.SUBMITTED, Status.RETURNED)

TABLE: dict[tuple[Status, Action], Status] = {
    (Status.OPEN, Action.SUBMIT): Status.SUBMITTED,
    (Status.RETURNED, Action.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.ACCEPT): Status.ACCEPTED,
    (Status.SUBMITTED, Action.RETURN): Status.RETURNED,
    **{(status, Action.COMPLETE): Status.ACCEPTED for status in UNDONE},
    **{(status, Action.SKIP): Status.SKIPPED for status in UNDONE},
}
