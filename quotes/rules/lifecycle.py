"""How a revision of a quote moves, and how an order does: one table per axis, and nowhere else.

Status and approval are separate axes. An action may move both; where an action is in a table, the state must be too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from quotes.enums import Action, Approval, OrderAction, OrderStatus, QuoteStatus


class State(NamedTuple):
    """Where a revision stands on its two axes."""

    status: QuoteStatus
    approval: Approval


class NotAllowed(Exception):
    """The action does not fit the state."""

    def __init__(self, state: object, action: object) -> None:
        super().__init__(f"{action} does not fit {state}")
        self.state, self.action = state, action


OPEN = (QuoteStatus.DRAFT, QuoteStatus.PENDING_APPROVAL, QuoteStatus.APPROVED, QuoteStatus.ISSUED)
FROZEN = (
    QuoteStatus.ISSUED,
    QuoteStatus.ACCEPTED,
    QuoteStatus.DECLINED,
    QuoteStatus.EXPIRED,
    QuoteStatus.SUPERSEDED,
)
_UNDECIDED = (Approval.NOT_REQUIRED, Approval.REJECTED, Approval.RECALLED, Approval.STALE)

STATUS: dict[tuple[QuoteStatus, Action], QuoteStatus] = {
    (QuoteStatus.DRAFT, Action.CHANGE): QuoteStatus.DRAFT,
    (QuoteStatus.APPROVED, Action.CHANGE): QuoteStatus.DRAFT,
    (QuoteStatus.DRAFT, Action.SEND): QuoteStatus.PENDING_APPROVAL,
    (QuoteStatus.PENDING_APPROVAL, Action.ASK): QuoteStatus.PENDING_APPROVAL,
    (QuoteStatus.PENDING_APPROVAL, Action.ANSWER): QuoteStatus.PENDING_APPROVAL,
    (QuoteStatus.PENDING_APPROVAL, Action.APPROVE): QuoteStatus.APPROVED,
    (QuoteStatus.PENDING_APPROVAL, Action.REJECT): QuoteStatus.DRAFT,
    (QuoteStatus.PENDING_APPROVAL, Action.RECALL): QuoteStatus.DRAFT,
    (QuoteStatus.DRAFT, Action.ISSUE): QuoteStatus.ISSUED,
    (QuoteStatus.APPROVED, Action.ISSUE): QuoteStatus.ISSUED,
    (QuoteStatus.ISSUED, Action.ACCEPT): QuoteStatus.ACCEPTED,
    (QuoteStatus.ISSUED, Action.DECLINE): QuoteStatus.DECLINED,
    (QuoteStatus.ISSUED, Action.EXPIRE): QuoteStatus.EXPIRED,
    (QuoteStatus.ISSUED, Action.SUPERSEDE): QuoteStatus.SUPERSEDED,
    **{(status, Action.WITHDRAW): QuoteStatus.WITHDRAWN for status in OPEN},
}

APPROVAL: dict[tuple[Approval, Action], Approval] = {
    **{(approval, Action.SEND): Approval.PENDING for approval in _UNDECIDED},
    (Approval.PENDING, Action.ASK): Approval.PENDING,
    (Approval.PENDING, Action.ANSWER): Approval.PENDING,
    (Approval.PENDING, Action.APPROVE): Approval.APPROVED,
    (Approval.PENDING, Action.REJECT): Approval.REJECTED,
    (Approval.PENDING, Action.RECALL): Approval.RECALLED,
    (Approval.PENDING, Action.WITHDRAW): Approval.RECALLED,
    **{(approval, Action.WITHDRAW): approval for approval in (*_UNDECIDED, Approval.APPROVED)},
    (Approval.APPROVED, Action.CHANGE): Approval.STALE,
    **{(approval, Action.CHANGE): approval for approval in _UNDECIDED},
    # Whether something still has to be approved is for `approvals` to say: without any, a draft is issued as it is.
    (Approval.APPROVED, Action.ISSUE): Approval.APPROVED,
    **{(approval, Action.ISSUE): Approval.NOT_REQUIRED for approval in _UNDECIDED},
}

ORDER: dict[tuple[OrderStatus, OrderAction], OrderStatus] = {
    (OrderStatus.REQUESTED, OrderAction.ACKNOWLEDGE): OrderStatus.ACKNOWLEDGED,
    (OrderStatus.ACKNOWLEDGED, OrderAction.SCHEDULE): OrderStatus.SCHEDULED,
    (OrderStatus.SCHEDULED, OrderAction.SCHEDULE): OrderStatus.SCHEDULED,
    **{
        (status, OrderAction.SHIP): OrderStatus.PART_SHIPPED
        for status in (OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED, OrderStatus.PART_SHIPPED)
    },
    **{
        (status, OrderAction.FULFIL): OrderStatus.FULFILLED
        for status in (OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED, OrderStatus.PART_SHIPPED)
    },
    **{
        (status, OrderAction.CANCEL): OrderStatus.CANCELLED
        for status in (OrderStatus.REQUESTED, OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED)
    },
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


def order_after(status: OrderStatus, action: OrderAction) -> OrderStatus:
    """Return where an order stands after an action, or raise `NotAllowed`."""
    if (status, action) not in ORDER:
        raise NotAllowed(status, action)
    return ORDER[status, action]
