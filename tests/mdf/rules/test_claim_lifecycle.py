import pytest

from mdf.enums import ClaimAction as Action
from mdf.enums import ClaimStatus as Status
from mdf.rules import claim_lifecycle

WAY = [
    (Action.SUBMIT, Status.SUBMITTED),
    (Action.OPEN, Status.IN_REVIEW),
    (Action.ASK, Status.INFO_REQUESTED),
    (Action.ANSWER, Status.IN_REVIEW),
    (Action.AGREE, Status.IN_REVIEW),
    (Action.APPROVE, Status.APPROVED),
    (Action.SCHEDULE, Status.SCHEDULED),
    (Action.PAY_PART, Status.PART_PAID),
    (Action.SCHEDULE, Status.SCHEDULED),
    (Action.PAY, Status.PAID),
    (Action.CLAW_BACK_PART, Status.PAID),
    (Action.CLAW_BACK, Status.CLAWED_BACK),
]


def test_a_claim_goes_from_draft_to_paid_and_back():
    status = Status.DRAFT

    for action, expected in WAY:
        status = claim_lifecycle.after(status, action)
        assert status == expected


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN, Status.CLAWED_BACK])
def test_what_has_ended_does_not_move_again_but_a_rejection_after_an_appeal(status):
    followed = [action for action in Action if claim_lifecycle.allows(status, action)]
    assert followed == ([Action.REOPEN] if status == Status.REJECTED else [])


@pytest.mark.parametrize("status", [s for s in Status if s != Status.SCHEDULED])
def test_only_what_is_in_a_batch_is_paid(status):
    with pytest.raises(claim_lifecycle.NotAllowed):
        claim_lifecycle.after(status, Action.PAY)


def test_every_status_but_the_first_is_reached():
    assert set(claim_lifecycle.TABLE.values()) == set(Status) - {Status.DRAFT}
