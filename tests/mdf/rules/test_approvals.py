"""The ladder: one, two, or finance as the third; nobody twice, nobody for themselves."""

from decimal import Decimal
from uuid import uuid4

import pytest

from mdf.rules.approvals import Hindrance, Ladder, Step
from mdf.rules.terms import Terms

ANNA, BEN = uuid4(), uuid4()


@pytest.mark.parametrize(("amount", "needed"), [("5000", 1), ("5000.01", 2), ("25000", 2), ("25000.01", 3)])
def test_the_amount_says_how_many_approve(amount, needed):
    assert Terms().approvals_needed(Decimal(amount)) == needed


def test_without_limits_one_is_enough():
    assert Terms(one_approver_to=None, finance_above=None).approvals_needed(Decimal(10**9)) == 1


@pytest.mark.parametrize(
    ("needed", "given_by", "role", "hindrance"),
    [
        (1, (), "channel_manager", None),
        (1, (), "finance", Hindrance.NOT_YET_FINANCE),
        (2, (ANNA,), "channel_manager", None),
        (2, (ANNA,), "finance", None),
        (3, (ANNA,), "finance", Hindrance.NOT_YET_FINANCE),
        (3, (ANNA, uuid4()), "channel_manager", Hindrance.NEEDS_FINANCE),
        (3, (ANNA, uuid4()), "finance", None),
        (2, (BEN,), "admin", Hindrance.ALREADY),
    ],
)
def test_whose_turn_it_is(needed, given_by, role, hindrance):
    assert Ladder(needed, given_by).hindrance(BEN, role) == hindrance


def test_nobody_approves_what_is_their_own():
    assert Ladder(1).hindrance(BEN, "admin", own=[BEN]) == Hindrance.OWN


def test_the_last_of_three_steps_is_finances():
    assert [Ladder(3, (ANNA,) * given).next for given in range(3)] == [Step.FIRST, Step.SECOND, Step.FINANCE]


def test_terms_are_stored_and_read_without_loss():
    terms = Terms(share_percent=Decimal("33.33"), finance_above=None, reminder_days=(20, 2))

    assert Terms.from_body(terms.body()) == terms
