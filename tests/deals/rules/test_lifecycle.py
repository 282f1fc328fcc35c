"""The tables of a registration's three axes, whatever is done to it in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deals.enums import Action, ProtectionState, Review, Stage
from deals.rules import lifecycle
from deals.rules.lifecycle import NotAllowed, State

START = State(Review.DRAFT, ProtectionState.NONE, Stage.PROSPECT)
IN_FORCE = (ProtectionState.ACTIVE, ProtectionState.EXPIRING)
ENDED = (Stage.WON, Stage.LOST)
ACTIONS = list(Action)
STATES = st.builds(State, st.sampled_from(Review), st.sampled_from(ProtectionState), st.sampled_from(Stage))


@given(STATES, st.sampled_from(ACTIONS))
def test_an_action_is_allowed_or_refused_and_nothing_in_between(state, action):
    if lifecycle.allows(state, action):
        assert isinstance(lifecycle.after(state, action), State)
    else:
        with pytest.raises(NotAllowed) as refused:
            lifecycle.after(state, action)
        assert (refused.value.state, refused.value.action) == (state, action)


def reachable() -> set[State]:
    found, new = {START}, {START}
    while new:
        new = {
            lifecycle.after(state, action) for state in new for action in ACTIONS if lifecycle.allows(state, action)
        } - found
        found |= new
    return found


def test_every_word_of_every_axis_is_reached_but_the_stages_a_partner_sets_itself():
    found = reachable()

    assert {state.review for state in found} == set(Review)
    assert {state.protection for state in found} == set(ProtectionState)
    assert {state.stage for state in found} >= {Stage.PROSPECT, Stage.COMMITTED, *ENDED}


def test_every_action_can_be_taken_somewhere():
    found = reachable()

    assert [action for action in ACTIONS if not any(lifecycle.allows(state, action) for state in found)] == []


class Deal(RuleBasedStateMachine):
    """Somebody tries every action in every order; what must never be is never."""

    def __init__(self) -> None:
        super().__init__()
        self.state = START
        self.was_approved = False

    @rule(action=st.sampled_from(ACTIONS))
    def try_it(self, action: Action) -> None:
        if not lifecycle.allows(self.state, action):
            return
        before, self.state = self.state, lifecycle.after(self.state, action)
        self.was_approved = self.was_approved or self.state.review == Review.APPROVED
        if action == Action.RESUME:
            assert before.stage in ENDED
            assert self.state.protection not in IN_FORCE  # protecting again is an action of its own
        if action == Action.FORFEIT:
            assert before.protection in IN_FORCE
        if action == Action.CHECK_IN:  # also beside others, where nothing is protected
            assert before.review == Review.APPROVED
            assert before.protection in (*IN_FORCE, ProtectionState.NONE)
        if action in (Action.REPEAT, Action.HAND_OVER, Action.AMEND, Action.ACCEPT, Action.ASK_TRANSFER):
            assert self.state == before
        if action == Action.TRANSFER:  # what was asked of the former partner is asked nobody any more
            assert self.state.review != Review.INFO_REQUESTED
            assert self.state[1:] == before[1:]

    @precondition(lambda self: self.state.stage not in ENDED)
    @rule(stage=st.sampled_from(lifecycle.open_stages()))
    def say_how_far(self, stage: Stage) -> None:
        if lifecycle.allows(self.state, Action.ADVANCE):
            self.state = lifecycle.after(self.state, Action.ADVANCE)._replace(stage=stage)

    @invariant()
    def only_what_was_approved_is_protected_or_ended(self) -> None:
        if self.state.protection != ProtectionState.NONE or self.state.stage in ENDED:
            assert self.was_approved
            assert self.state.review == Review.APPROVED

    @invariant()
    def what_ended_holds_nobody(self) -> None:
        if self.state.stage in ENDED:
            assert self.state.protection not in IN_FORCE


TestDeal = Deal.TestCase
