"""Orders shaped like their list and page, and how well they keep to what was quoted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from prm.accounts.models import Membership
from prm.money import Money
from prm.spreadsheets import LIMIT, csv_file
from quotes.enums import OrderStatus
from quotes.models import Order, OrderLine

OPEN = (OrderStatus.REQUESTED, OrderStatus.ACKNOWLEDGED, OrderStatus.SCHEDULED, OrderStatus.PART_SHIPPED)


def listed(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Load what the list shows of each order, and whether it is as quoted."""
    changed = OrderLine.objects.filter(order=OuterRef("pk")).exclude(
        quantity=F("quoted__quantity"), net_unit=F("quoted__net_unit")
    )
    return rows.select_related("partner", "quote").annotate(is_changed=Exists(changed))


def waiting(member: Membership) -> QuerySet[Order]:
    """Return the orders that nobody has acknowledged yet."""
    return Order.objects.visible_to(member).filter(status=OrderStatus.REQUESTED).order_by("ordered_at", "id")


@dataclass(frozen=True)
class Line:
    """A line as it is ordered, beside what was quoted."""

    row: OrderLine
    unit: Money
    total: Money

    @property
    def is_changed(self) -> bool:
        quoted = self.row.quoted
        return (quoted.quantity, quoted.net_unit) != (self.row.quantity, self.row.net_unit)


def lines_of(order: Order) -> list[Line]:
    """Return the lines of an order in their order."""
    rows = OrderLine.objects.filter(order=order).select_related("quoted", "product").order_by("position")
    return [Line(row, Money(row.net_unit, order.currency), Money(row.net_total, order.currency)) for row in rows]


@dataclass(frozen=True)
class Accuracy:
    """How many of the orders were taken exactly as quoted."""

    orders: int
    kept: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.kept / self.orders) if self.orders else None


def accuracy(member: Membership) -> Accuracy:
    """Return how well orders keep to their quotes; one that nobody has taken yet says nothing."""
    taken = Order.objects.visible_to(member).exclude(status__in=(OrderStatus.REQUESTED, OrderStatus.CANCELLED))
    found = listed(taken).aggregate(orders=Count("pk"), kept=Count("pk", filter=Q(is_changed=False)))
    return Accuracy(found["orders"], found["kept"])


def csv_answer(rows: QuerySet[Order], *, name: str) -> HttpResponse:
    """Return the orders as CSV."""
    found = rows.order_by("-ordered_at", "-id")[:LIMIT].iterator(chunk_size=500)
    return csv_file(_head(), map(_cells, found), name=name)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Quote"),
        _("Partner"),
        _("Customer"),
        _("Purchase order"),
        _("Net"),
        _("Currency"),
        _("State"),
        _("Ordered"),
        _("As quoted"),
    ]


def _cells(row: Order) -> Iterator[Any]:
    yield from (row.number, row.quote.number, row.partner.name, row.quote.customer_name, row.purchase_order)
    yield from (row.net.rounded().amount, row.currency, row.get_status_display(), row.ordered_at.isoformat())
    yield _("no") if row.is_changed else _("yes")  # type: ignore[attr-defined]
