"""How a partner lives: prospect, onboarding, active and suspended in turns, terminated for good."""

from __future__ import annotations

from partners.enums import PartnerAction as Action
from partners.enums import PartnerStatus as Status

TABLE: dict[tuple[Status, Action], Status] = {
    (Status.PROSPECT, Action.WELCOME): Status.ONBOARDING,
    (Status.ONBOARDING, Action.ACTIVATE): Status.ACTIVE,
    (Status.ACTIVE, Action.SUSPEND): Status.SUSPENDED,
    (Status.SUSPENDED, Action.RESTORE): Status.ACTIVE,
    **{
        (status, Action.TERMINATE): Status.TERMINATED
        for status in (Status.PROSPECT, Status.ONBOARDING, Status.ACTIVE, Status.SUSPENDED)
    },
}
