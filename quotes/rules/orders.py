"""How an order moves, and how well orders keep to what was quoted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quotes.enums import OrderAction, OrderStatus


class NotAllowed(Exception):
    """The action does not fit where the order stands."""

    def __init__(self, status: OrderStatus, action: OrderAction) -> None:
        super().__init__(f"{action} does not fit {status}")
        self.status, self.action = status, action


_MOVING = (OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED, OrderStatus.PART_SHIPPED)

STATUS: dict[tuple[OrderStatus, OrderAction], OrderStatus] = {
    (OrderStatus.REQUESTED, OrderAction.ACKNOWLEDGE): OrderStatus.ACKNOWLEDGED,
    (OrderStatus.ACKNOWLEDGED, OrderAction.SCHEDULE): OrderStatus.SCHEDULED,
    (OrderStatus.SCHEDULED, OrderAction.SCHEDULE): OrderStatus.SCHEDULED,
    **{(status, OrderAction.SHIP): OrderStatus.PART_SHIPPED for status in _MOVING},
    **{(status, OrderAction.FULFIL): OrderStatus.FULFILLED for status in _MOVING},
    **{
        (status, OrderAction.CANCEL): OrderStatus.CANCELLED
        for status in (OrderStatus.REQUESTED, OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED)
    },
}


def after(status: OrderStatus, action: OrderAction) -> OrderStatus:
    """Return where an order stands after an action, or raise `NotAllowed`."""
    if (status, action) not in STATUS:
        raise NotAllowed(status, action)
    return STATUS[status, action]


def actions(status: OrderStatus) -> list[OrderAction]:
    """Return what can be done with an order now, in the order of its life."""
    return [action for action in OrderAction if (status, action) in STATUS]


@dataclass(frozen=True)
class Compared:
    """A line as it was quoted and as it is ordered."""

    quoted: tuple[int, Decimal]
    ordered: tuple[int, Decimal]

    @property
    def is_as_quoted(self) -> bool:
        return self.quoted == self.ordered


def is_as_quoted(lines: Iterable[Compared]) -> bool:
    """Say whether an order is exactly what was quoted."""
    return all(line.is_as_quoted for line in lines)
