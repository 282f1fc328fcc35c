"""How a registration moves: one table per axis, and nowhere else.

Review, protection and stage are separate axes. An action may move several of them (winning ends the
protection), but each moves by its own table; where an action is in a table, the state must be too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from deals.enums import Action, ProtectionState, Review, Stage


class State(NamedTuple):
    """Where a registration stands on its three axes."""

    review: Review
    protection: ProtectionState
    stage: Stage


class NotAllowed(Exception):
    """The action does not fit the state."""

    def __init__(self, state: State, action: Action) -> None:
        super().__init__(f"{action} does not fit {state}")
        self.state, self.action = state, action


_OPEN_STAGES = (
    Stage.PROSPECT,
    Stage.QUALIFIED,
    Stage.TECHNICAL_VALIDATION,
    Stage.BUSINESS_VALIDATION,
    Stage.COMMITTED,
)
_IN_FORCE = (ProtectionState.ACTIVE, ProtectionState.EXPIRING)

REVIEW: dict[tuple[Review, Action], Review] = {
    (Review.DRAFT, Action.SUBMIT): Review.SUBMITTED,
    (Review.SUBMITTED, Action.OPEN): Review.IN_REVIEW,
    (Review.SUBMITTED, Action.ASK): Review.INFO_REQUESTED,
    (Review.IN_REVIEW, Action.ASK): Review.INFO_REQUESTED,
    (Review.INFO_REQUESTED, Action.ANSWER): Review.IN_REVIEW,
    (Review.SUBMITTED, Action.APPROVE): Review.APPROVED,
    (Review.IN_REVIEW, Action.APPROVE): Review.APPROVED,
    (Review.SUBMITTED, Action.APPROVE_BESIDE): Review.APPROVED,
    (Review.IN_REVIEW, Action.APPROVE_BESIDE): Review.APPROVED,
    (Review.SUBMITTED, Action.REJECT): Review.REJECTED,
    (Review.IN_REVIEW, Action.REJECT): Review.REJECTED,
    (Review.REJECTED, Action.REOPEN): Review.IN_REVIEW,
    (Review.REJECTED, Action.REPEAT): Review.REJECTED,  # a new registration is made of it
    (Review.WITHDRAWN, Action.REPEAT): Review.WITHDRAWN,
    **{(review, Action.HAND_OVER): review for review in Review if review not in (Review.DRAFT, Review.WITHDRAWN)},
    (Review.DRAFT, Action.WITHDRAW): Review.WITHDRAWN,
    (Review.SUBMITTED, Action.WITHDRAW): Review.WITHDRAWN,
    (Review.IN_REVIEW, Action.WITHDRAW): Review.WITHDRAWN,
    (Review.INFO_REQUESTED, Action.WITHDRAW): Review.WITHDRAWN,
    **{
        (review, action): review
        for review in (Review.SUBMITTED, Review.IN_REVIEW, Review.APPROVED)
        for action in (Action.ASK_TRANSFER, Action.TRANSFER)
    },
    (Review.INFO_REQUESTED, Action.ASK_TRANSFER): Review.INFO_REQUESTED,
    (Review.INFO_REQUESTED, Action.TRANSFER): Review.IN_REVIEW,  # the question was to whoever has it no more
    **{(review, Action.AMEND): review for review in (Review.SUBMITTED, Review.IN_REVIEW, Review.APPROVED)},
    **{
        (Review.APPROVED, action): Review.APPROVED
        for action in (
            Action.ADVANCE,
            Action.CHECK_IN,
            Action.WIN,
            Action.LOSE,
            Action.RESUME,
            Action.ASK_EXTENSION,
            Action.EXTEND,
            Action.REINSTATE,
            Action.ACCEPT,
        )
    },
}

PROTECTION: dict[tuple[ProtectionState, Action], ProtectionState] = {
    (ProtectionState.NONE, Action.APPROVE): ProtectionState.ACTIVE,
    (ProtectionState.ACTIVE, Action.WARN): ProtectionState.EXPIRING,
    (ProtectionState.EXPIRING, Action.WARN): ProtectionState.EXPIRING,
    **{(state, action): state for state in _IN_FORCE for action in (Action.ASK_EXTENSION, Action.CHECK_IN)},
    **{(state, Action.EXTEND): ProtectionState.ACTIVE for state in _IN_FORCE},
    **{(state, Action.EXPIRE): ProtectionState.EXPIRED for state in _IN_FORCE},
    **{(state, action): ProtectionState.RELEASED for state in _IN_FORCE for action in (Action.RELEASE, Action.FORFEIT)},
    **{(state, Action.REVOKE): ProtectionState.REVOKED for state in _IN_FORCE},
    # A revocation is overturned, or the refusal of an extension after the protection has ended.
    (ProtectionState.REVOKED, Action.REINSTATE): ProtectionState.ACTIVE,
    (ProtectionState.EXPIRED, Action.REINSTATE): ProtectionState.ACTIVE,
    # A deal that goes on is protected again by an action of its own, if the customer is still free.
    (ProtectionState.RELEASED, Action.REINSTATE): ProtectionState.ACTIVE,
    (ProtectionState.FULFILLED, Action.RESUME): ProtectionState.RELEASED,
    **{
        (state, Action.RESUME): state
        for state in (ProtectionState.EXPIRED, ProtectionState.RELEASED, ProtectionState.REVOKED)
    },
    **{(state, Action.WIN): ProtectionState.FULFILLED for state in _IN_FORCE},
    **{(state, Action.LOSE): ProtectionState.RELEASED for state in _IN_FORCE},
    # A deal beside others was never protected.
    **{
        (ProtectionState.NONE, action): ProtectionState.NONE
        for action in (Action.WIN, Action.LOSE, Action.RESUME, Action.CHECK_IN)
    },
    # A deal may still be won or lost after its protection ended.
    **{
        (state, action): state
        for state in (ProtectionState.EXPIRED, ProtectionState.RELEASED, ProtectionState.REVOKED)
        for action in (Action.WIN, Action.LOSE)
    },
}

STAGE: dict[tuple[Stage, Action], Stage] = {
    **{
        (stage, action): stage
        for stage in _OPEN_STAGES
        for action in (
            Action.ADVANCE,
            Action.CHECK_IN,
            Action.HAND_OVER,
            Action.REINSTATE,
            Action.AMEND,
            Action.ACCEPT,
            Action.ASK_TRANSFER,
            Action.TRANSFER,
        )
    },
    **{(stage, Action.WIN): Stage.WON for stage in _OPEN_STAGES},
    **{(stage, Action.LOSE): Stage.LOST for stage in _OPEN_STAGES},
    **{(stage, Action.RESUME): Stage.COMMITTED for stage in (Stage.WON, Stage.LOST)},
}

_Axis = dict[tuple[Any, Action], Any]
_AXES: tuple[_Axis, _Axis, _Axis] = (REVIEW, PROTECTION, STAGE)
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


def open_stages() -> tuple[Stage, ...]:
    """Return the stages a partner may set itself, in order."""
    return _OPEN_STAGES
