from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.enums import OrderAction, OrderStatus
from quotes.rules import orders
from quotes.rules.orders import Compared, NotAllowed


def test_an_order_is_shipped_in_parts_and_fulfilled():
    status = OrderStatus.REQUESTED
    for action in ("acknowledge", "schedule", "schedule", "ship", "ship", "fulfil"):
        status = orders.after(status, OrderAction(action))

    assert status == OrderStatus.FULFILLED


@pytest.mark.parametrize("status", [OrderStatus.PART_SHIPPED, OrderStatus.FULFILLED, OrderStatus.CANCELLED])
def test_what_was_shipped_or_cancelled_cannot_be_cancelled(status):
    with pytest.raises(NotAllowed):
        orders.after(status, OrderAction.CANCEL)


@given(st.lists(st.sampled_from(list(OrderAction)), max_size=10))
def test_whatever_is_tried_an_order_that_ended_never_moves_again(actions):
    status = OrderStatus.REQUESTED
    for action in actions:
        if action in orders.actions(status):
            status = orders.after(status, action)
        if status in (OrderStatus.FULFILLED, OrderStatus.CANCELLED):
            assert orders.actions(status) == []


@pytest.mark.parametrize(
    ("quantity", "price", "is_kept"), [(2, "10.00", True), (1, "10.00", False), (2, "10.01", False)]
)
def test_an_order_keeps_to_its_quote_in_quantity_and_price(quantity, price, is_kept):
    line = Compared(quoted=(2, Decimal("10.00")), ordered=(quantity, Decimal(price)))

    assert orders.is_as_quoted([line]) is is_kept
