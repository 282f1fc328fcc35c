"""Asking for approvals and deciding on them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from prm.accounts.roles import Role
from prm.events.models import Delivery
from prm.events.outbox import SEAL
from prm.questions.services import open_one
from quotes.enums import Approval, Counted, Status, StepStatus
from quotes.models import QuoteApprovalStep
from quotes.queries import approvals as queries
from quotes.rules.terms import Volume
from quotes.services import approvals, quotes
from quotes.services.approvals import NothingToApprove, NotYourStep, OwnRequest, QuestionOpen, TooLateToUndo
from quotes.services.moves import Changed, NotPossible
from tests import build
from tests.build import MONDAY
from tests.quotes import build as quoting

LATER = MONDAY + timedelta(seconds=5)


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


def steps(revision):
    return [(step.role, step.status) for step in queries.steps_of(revision)]


def test_a_special_discount_goes_to_whom_the_ladder_names():
    revision = quoting.requested()

    assert revision.state == (Status.PENDING_APPROVAL, Approval.PENDING)
    assert steps(revision) == [("channel_manager", "waiting")]
    assert revision.decide_by == MONDAY + timedelta(days=2)


def test_a_quote_that_nobody_has_to_approve_is_not_sent():
    draft = quoting.drafted()

    with pytest.raises(NothingToApprove):
        approvals.request(draft, by=build.seller(), at=MONDAY)


def test_the_last_of_several_steps_approves_the_quote():
    cheap, dear = quoting.product(), quoting.product()
    quoting.price_list({cheap: 10, dear: 1000})
    revision = quoting.requested(quoting.some(cheap, special=20), quoting.some(dear, 1, special=45))

    approvals.approve(revision, by=build.manager(), at=MONDAY)
    revision.refresh_from_db()
    assert revision.status == Status.PENDING_APPROVAL
    revision = approvals.approve(revision, by=build.member(Role.EXECUTIVE), at=LATER)

    assert revision.state == (Status.APPROVED, Approval.APPROVED)
    assert steps(revision) == [("channel_manager", "approved"), ("executive", "approved")]


def test_who_may_approve_more_decides_all_steps_below_at_once():
    revision = approvals.approve(quoting.requested(), by=build.member(Role.EXECUTIVE), at=MONDAY)

    assert revision.status == Status.APPROVED


def test_nobody_decides_a_step_above_their_own():
    revision = quoting.requested(quoting.some(quoting.priced(), special=45))

    with pytest.raises(NotYourStep) as refusal:
        approvals.approve(revision, by=build.manager(), at=MONDAY)

    assert refusal.value.facts["roles"] == ["Executive"]


def test_nobody_approves_what_they_asked_for_themselves():
    seller = build.seller()
    revision = quoting.requested(by=seller)
    seller.role = Role.CHANNEL_MANAGER

    with pytest.raises(OwnRequest):
        approvals.approve(revision, by=seller, at=MONDAY)


def test_the_second_of_two_deciders_is_told_that_it_is_decided():
    revision = quoting.requested()
    approvals.approve(revision, by=build.manager(), at=MONDAY, version=revision.version)

    with pytest.raises(NotPossible) as refusal:
        approvals.reject(revision, reason_code="other", note="No.", by=build.manager(), at=MONDAY)

    assert "is approved already" in refusal.value.sentence


def test_a_decision_about_another_version_changes_nothing():
    revision = quoting.requested()

    with pytest.raises(Changed):
        approvals.approve(revision, by=build.manager(), at=MONDAY, version=revision.version - 1)

    assert steps(revision) == [("channel_manager", "waiting")]


def test_a_rejected_quote_is_a_draft_again_and_nobody_else_is_asked():
    cheap, dear = quoting.product(), quoting.product()
    quoting.price_list({cheap: 10, dear: 1000})
    revision = quoting.requested(quoting.some(cheap, special=20), quoting.some(dear, 1, special=45))

    revision = approvals.reject(revision, reason_code="too_high", note="15 %.", by=build.manager(), at=MONDAY)

    assert revision.state == (Status.DRAFT, Approval.REJECTED)
    assert steps(revision) == [("channel_manager", "rejected"), ("executive", "dropped")]


@pytest.mark.parametrize("decide", ["approve", "reject", "ask"])
def test_a_decision_can_be_taken_back_at_once(decide):
    manager, revision = build.manager(), quoting.requested()
    facts = {"approve": {}, "reject": {"reason_code": "other", "note": "No."}, "ask": {"question": "Why?"}}[decide]
    getattr(approvals, decide)(revision, **facts, by=manager, at=MONDAY)

    revision = approvals.undo(revision, by=manager, at=LATER)

    assert revision.state == (Status.PENDING_APPROVAL, Approval.PENDING)
    assert steps(revision) == [("channel_manager", "waiting")]
    assert open_one(revision) is None
    told = Delivery.objects.exclude(handler=SEAL).filter(handler__contains="tell_partner")
    assert {row.status for row in told} <= {"cancelled"}


def test_a_decision_is_not_taken_back_later_or_by_somebody_else():
    manager, revision = build.manager(), quoting.requested()
    approvals.approve(revision, by=manager, at=MONDAY)

    with pytest.raises(TooLateToUndo):
        approvals.undo(revision, by=build.manager(), at=LATER)
    with pytest.raises(TooLateToUndo):
        approvals.undo(revision, by=manager, at=MONDAY + timedelta(seconds=11))


def test_while_a_question_is_open_the_clock_stands_still_and_nobody_decides():
    manager, seller = build.manager(), build.seller()
    revision = quoting.requested(by=seller)
    approvals.ask(revision, question="Who else offers?", by=manager, at=MONDAY)

    with pytest.raises(QuestionOpen):
        approvals.approve(revision, by=manager, at=LATER)
    revision = approvals.answer(revision, answer="Nobody.", by=seller, at=MONDAY + timedelta(days=3))

    assert revision.decide_by == MONDAY + timedelta(days=7), "two business days after Thursday"
    assert approvals.approve(revision, by=manager, at=MONDAY + timedelta(days=3)).status == Status.APPROVED


def test_a_recalled_quote_can_be_changed_and_sent_again():
    seller = build.seller()
    revision = approvals.recall(quoting.requested(by=seller), by=seller, at=MONDAY)
    assert revision.state == (Status.DRAFT, Approval.RECALLED)
    assert steps(revision) == [("channel_manager", "dropped")]

    revision = approvals.request(revision, by=seller, at=LATER)

    assert steps(revision) == [("channel_manager", "dropped"), ("channel_manager", "waiting")]


def test_only_the_step_that_a_change_touches_is_stale_and_asked_again():
    seller, cheap, dear = build.seller(), quoting.product(), quoting.product()
    quoting.price_list({cheap: 10, dear: 1000})
    lines = [quoting.some(cheap, special=20), quoting.some(dear, 1, special=45)]
    revision = quoting.requested(*lines, by=seller)
    revision = approvals.approve(revision, by=build.member(Role.EXECUTIVE), at=MONDAY)

    revision = approvals.reopen(revision, by=seller, at=MONDAY)
    changed = [quoting.some(cheap, 12, special=20), lines[1]]
    revision = quotes.save(revision, quoting.content(*changed), by=seller, at=MONDAY)
    revision = approvals.request(revision, by=seller, at=MONDAY)

    assert steps(revision) == [
        ("channel_manager", "stale"),
        ("executive", "approved"),
        ("channel_manager", "waiting"),
    ]


def test_an_approval_outlives_a_change_that_does_not_touch_it():
    seller, product = build.seller(), quoting.priced()
    revision = quoting.requested(quoting.some(product, special=20), by=seller)
    revision = approvals.approve(revision, by=build.manager(), at=MONDAY)
    revision = approvals.reopen(revision, by=seller, at=MONDAY)

    revision = quotes.save(revision, quoting.content(quoting.some(product, special=18)), by=seller, at=MONDAY)

    assert queries.outlook_of(revision).is_clear
    assert QuoteApprovalStep.objects.get().status == StepStatus.APPROVED


def test_old_revisions_keep_what_their_terms_counted():
    product = quoting.priced()
    quoting.terms(counted=Counted.EVERYTHING, volumes=(Volume(10, Decimal(30)),))
    line = quoting.some(product, special=5)
    old = quoting.drafted(line)
    quoting.terms(volumes=(Volume(10, Decimal(30)),))
    new = quoting.drafted(line)

    assert [step.role for step in queries.outlook_of(old).steps] == ["admin"]
    assert queries.outlook_of(new).is_clear


def test_to_move_a_line_of_a_product_that_stands_twice_asks_nobody_again():
    seller, product = build.seller(), quoting.priced()
    lines = [quoting.some(product, 5, special=15), quoting.some(product, 8, special=20)]
    revision = approvals.approve(quoting.requested(*lines, by=seller), by=build.manager(), at=MONDAY)
    revision = approvals.reopen(revision, by=seller, at=MONDAY)

    revision = quotes.save(revision, quoting.content(*reversed(lines)), by=seller, at=MONDAY)

    assert queries.outlook_of(revision).is_clear
