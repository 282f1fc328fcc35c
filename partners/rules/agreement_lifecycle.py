"""How an agreement with a partner moves: offered, then accepted or declined; a newer version replaces it."""

from __future__ import annotations

from partners.enums import AgreementAction as Action
from partners.enums import AgreementStatus as Status

TABLE: dict[tuple[Status, Action], Status] = {
    (Status.OFFERED, Action.ACCEPT): Status.ACCEPTED,
    (Status.OFFERED, Action.DECLINE): Status.DECLINED,
    (Status.OFFERED, Action.SUPERSEDE): Status.SUPERSEDED,
    (Status.OFFERED, Action.WITHDRAW): Status.WITHDRAWN,
    # What was accepted stays in force until a newer version is accepted.
    (Status.ACCEPTED, Action.SUPERSEDE): Status.SUPERSEDED,
}
