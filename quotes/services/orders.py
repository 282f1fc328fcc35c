"""What becomes of an order: made once from an accepted quote, then moved by the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from prm.accounts.models import Membership
from prm.events.facts import Fact
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money
from prm.tenancy.numbers import next_number
from quotes.enums import OrderAction, OrderStatus
from quotes.events import (
    OrderAcknowledged,
    OrderCancelled,
    OrderFulfilled,
    OrderPlaced,
    OrderScheduled,
    OrderShipped,
)
from quotes.models import Order, OrderLine, QuoteRevision
from quotes.queries import pricing
from quotes.rules import orders as rules


class OrderMoved(DomainError):
    """The order is no longer where the action needs it: somebody was faster, or the page was old."""


def place(revision: QuoteRevision, *, today: date, by: Membership | None, at: datetime) -> Order:
    """Make the order of a quote that is being accepted, at the vendor's prices. The caller has locked the quote."""
    order = Order(
        number=next_number("O", today.year),
        partner_path=revision.partner_path,
        partner_id=revision.quote.partner_id,
        quote_id=revision.quote_id,
        revision=revision,
        purchase_order=revision.purchase_order,
        currency=revision.quote.currency,
        net_total=revision.net_total,
        tax_total=revision.tax_total,
        ordered_at=at,
        moved_at=at,
    )
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                order=order,
                partner_path=order.partner_path,
                quoted=line,
                position=line.position,
                product_id=line.product_id,
                quantity=line.quantity,
                net_unit=line.net_unit,
                net_total=line.net_total,
            )
            for line in pricing.lines_of(revision.pk)
        ]
    )
    record(OrderPlaced(order.pk, order.number, quote=revision.quote.number), on=order, by=by, at=at)
    return order


@service
def acknowledge(
    order: Order,
    *,
    by: Membership,
    at: datetime,
    note: str = "",
    quantities: Mapping[UUID, int] | None = None,
    version: int | None = None,
) -> Order:
    """Say that the order is taken; a line that cannot be delivered as quoted gets the quantity that can.

    Raises `OrderMoved`.
    """
    order = _moved(order, OrderAction.ACKNOWLEDGE, by=by, at=at, note=note, version=version)
    changed = _correct(order, quantities or {})
    order.save()
    record(OrderAcknowledged(order.pk, order.number, note=note, changed=changed), on=order, by=by, at=at)
    return order


@service
def schedule(
    order: Order, *, day: date, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> Order:
    """Say when it will be delivered; the day may change until something has left."""
    order = _moved(order, OrderAction.SCHEDULE, by=by, at=at, note=note, version=version)
    order.deliver_on = day
    order.save()
    record(OrderScheduled(order.pk, order.number, note=note, day=day.isoformat()), on=order, by=by, at=at)
    return order


@service
def ship(order: Order, *, by: Membership, at: datetime, note: str = "", version: int | None = None) -> Order:
    """Say that a part has left; the note says which."""
    return _simply(order, OrderAction.SHIP, OrderShipped, by=by, at=at, note=note, version=version)


@service
def fulfil(order: Order, *, by: Membership, at: datetime, note: str = "", version: int | None = None) -> Order:
    """Say that everything has left."""
    return _simply(order, OrderAction.FULFIL, OrderFulfilled, by=by, at=at, note=note, version=version)


@service
def cancel(
    order: Order, *, reason_code: str, note: str, by: Membership, at: datetime, version: int | None = None
) -> Order:
    """Cancel it, before anything has left, for a reason that the partner reads."""
    order = _moved(order, OrderAction.CANCEL, by=by, at=at, note=note, version=version)
    order.reason_code = reason_code
    order.save()
    record(OrderCancelled(order.pk, order.number, note=note, reason_code=reason_code), on=order, by=by, at=at)
    return order


def _simply(
    order: Order,
    action: OrderAction,
    fact: type[OrderShipped] | type[OrderFulfilled],
    *,
    by: Membership,
    at: datetime,
    note: str,
    version: int | None,
) -> Order:
    order = _moved(order, action, by=by, at=at, note=note, version=version)
    order.save()
    happened: Fact = fact(order.pk, order.number, note=note)
    record(happened, on=order, by=by, at=at)
    return order


def _moved(order: Order, action: OrderAction, *, by: Membership, at: datetime, note: str, version: int | None) -> Order:
    order = Order.objects.locked(order.pk)
    try:
        status = rules.after(OrderStatus(order.status), action)
    except rules.NotAllowed as error:
        raise OrderMoved(order=order, action=action) from error
    if version is not None and version != order.version:
        raise OrderMoved(order=order, action=action)
    order.status, order.moved_at, order.moved_by_id, order.note = status, at, by.user_id, note
    order.version += 1
    return order


def _correct(order: Order, quantities: Mapping[UUID, int]) -> int:
    """Write the quantities that can be delivered and the total they come to; return how many lines changed."""
    changed = 0
    for line in OrderLine.objects.filter(order=order, pk__in=quantities).select_for_update(of=("self",)):
        quantity = quantities[line.pk]
        if quantity != line.quantity:
            order.net_total += line.net_unit * (quantity - line.quantity)
            line.quantity, line.net_total = quantity, line.net_unit * quantity
            line.save(update_fields=["quantity", "net_total"])
            changed += 1
    if changed:
        percent = order.revision.tax_percent
        order.tax_total = (Money(order.net_total, order.currency) * (percent / 100)).rounded().amount
    return changed
