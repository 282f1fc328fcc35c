import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.enums import Action, Approval, OrderAction, OrderStatus, QuoteStatus
from quotes.rules import lifecycle
from quotes.rules.lifecycle import NotAllowed, State

DRAFT = State(QuoteStatus.DRAFT, Approval.NOT_REQUIRED)


def after(*actions, start=DRAFT):
    state = start
    for action in actions:
        state = lifecycle.after(state, action)
    return state


def test_a_quote_without_special_discounts_is_issued_at_once():
    assert after(Action.ISSUE) == State(QuoteStatus.ISSUED, Approval.NOT_REQUIRED)


def test_an_approved_quote_is_issued_and_accepted():
    assert after(Action.SEND, Action.APPROVE, Action.ISSUE, Action.ACCEPT) == State(
        QuoteStatus.ACCEPTED, Approval.APPROVED
    )


@pytest.mark.parametrize(
    ("action", "approval"), [(Action.REJECT, Approval.REJECTED), (Action.RECALL, Approval.RECALLED)]
)
def test_what_is_rejected_or_recalled_can_be_changed_and_sent_again(action, approval):
    assert after(Action.SEND, action) == State(QuoteStatus.DRAFT, approval)
    assert after(Action.SEND, action, Action.CHANGE, Action.SEND).approval == Approval.PENDING


def test_a_change_makes_an_approval_stale():
    assert after(Action.SEND, Action.APPROVE, Action.CHANGE) == State(QuoteStatus.DRAFT, Approval.STALE)


@pytest.mark.parametrize(
    "action", set(Action) - {Action.ASK, Action.ANSWER, Action.APPROVE, Action.REJECT, Action.RECALL, Action.WITHDRAW}
)
def test_while_somebody_decides_nothing_else_happens(action):
    with pytest.raises(NotAllowed):
        after(Action.SEND, action)


@pytest.mark.parametrize("first", [Action.ACCEPT, Action.DECLINE, Action.EXPIRE, Action.SUPERSEDE, Action.WITHDRAW])
@pytest.mark.parametrize("then", list(Action))
def test_an_issued_quote_ends_once(first, then):
    ended = after(Action.ISSUE, first)

    assert not lifecycle.allows(ended, then)


@given(st.lists(st.sampled_from(list(Action)), max_size=12))
def test_whatever_is_tried_what_is_issued_never_changes_again(actions):
    state, was_issued = DRAFT, False
    for action in actions:
        if lifecycle.allows(state, action):
            state = lifecycle.after(state, action)
        was_issued = was_issued or state.status == QuoteStatus.ISSUED
        if was_issued:
            assert not lifecycle.allows(state, Action.CHANGE)
            assert state.status not in (QuoteStatus.DRAFT, QuoteStatus.PENDING_APPROVAL, QuoteStatus.APPROVED)


def test_an_order_is_shipped_in_parts_and_fulfilled():
    status = OrderStatus.REQUESTED
    for action in ("acknowledge", "schedule", "ship", "ship", "fulfil"):
        status = lifecycle.order_after(status, OrderAction(action))

    assert status == OrderStatus.FULFILLED


@pytest.mark.parametrize("status", [OrderStatus.PART_SHIPPED, OrderStatus.FULFILLED, OrderStatus.CANCELLED])
def test_what_was_shipped_cannot_be_cancelled(status):
    with pytest.raises(NotAllowed):
        lifecycle.order_after(status, OrderAction.CANCEL)
