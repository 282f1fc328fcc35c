"""Decisions about requests: line by line, up the ladder, one at a time, and taken back."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from mdf.enums import RequestStatus as Status
from mdf.models import ApprovalStep, FundRequest, FundRequestLine, LedgerEntry
from mdf.services import decisions
from mdf.services.decisions import (
    Changed,
    MoreThanAsked,
    NothingApproved,
    TooLateToUndo,
)
from mdf.services.ledger import NotCovered
from mdf.services.moves import NotPossible
from prm.accounts.roles import Role
from prm.approvals.services import NotYourTurn
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.mdf import build as mdf


def approve(request, *amounts, by=None, at=MONDAY, **facts):
    return decisions.approve(request, mdf.amounts_of(request, *amounts), by=by or build.manager(), at=at, **facts)


def test_each_line_gets_its_own_amount_and_the_sum_is_reserved(vendor):
    share = mdf.allocation(5_000)

    request = approve(mdf.submitted(share), 1_500, 200)

    assert request.status == Status.APPROVED
    assert request.approved_amount == 1_700
    assert list(request.lines.order_by("position").values_list("approved_amount", flat=True)) == [1_500, 200]
    assert (mdf.held(share).available, mdf.held(share).reserved) == (3_300, 1_700)


def test_a_line_gets_no_more_than_was_asked_for_it(vendor):
    request = mdf.submitted()

    with pytest.raises(MoreThanAsked, match="MoreThanAsked") as refused:
        approve(request, 1_501, 0)

    assert "€1,500" in refused.value.sentence


def test_an_approval_of_nothing_is_refused(vendor):
    with pytest.raises(NothingApproved):
        approve(mdf.submitted(), 0, 0)


def test_what_is_not_there_any_more_cannot_be_approved(vendor):
    share = mdf.allocation(3_000)
    first, second = mdf.submitted(share), mdf.submitted(share)
    approve(first)

    with pytest.raises(NotCovered) as refused:
        approve(second)

    assert (refused.value.facts["asked"].amount, refused.value.facts["held"].amount) == (2_000, 1_000)
    second.refresh_from_db()
    assert second.status == Status.SUBMITTED


def test_above_the_first_limit_a_second_person_approves(vendor):
    share = mdf.allocation(9_000)
    request = mdf.submitted(share, costs=(12_000,))
    manager = build.manager()

    request = approve(request, by=manager)

    assert (request.status, request.approvals_given) == (Status.IN_REVIEW, 1)
    assert mdf.held(share).reserved == 0
    assert FundRequestLine.objects.get().approved_amount is None
    with pytest.raises(NotYourTurn):
        approve(request, by=manager)

    request = approve(request, by=build.member(Role.ADMIN))

    assert request.status == Status.APPROVED
    assert mdf.held(share).reserved == 6_000


def test_above_the_second_limit_finance_has_the_last_word(vendor):
    share = mdf.allocation(60_000, of=mdf.fund(100_000))
    request = mdf.submitted(share, costs=(60_000,))
    finance = build.member(Role.FINANCE)

    with pytest.raises(NotYourTurn):
        approve(request, by=finance)
    for by in (build.manager(), build.member(Role.ADMIN)):
        request = approve(request, by=by)
    with pytest.raises(NotYourTurn):
        approve(request, by=build.manager())
    request = approve(request, 28_000, by=finance)

    assert request.status == Status.APPROVED
    assert request.approved_amount == 28_000


def test_a_later_step_may_lower_but_not_raise(vendor):
    request = approve(mdf.submitted(mdf.allocation(9_000), costs=(12_000,)), 5_500)

    with pytest.raises(MoreThanAsked) as refused:
        approve(request, 6_000)

    assert refused.value.facts["is_agreed"] is True


def test_partners_do_not_see_the_steps(vendor):
    request = approve(mdf.submitted(mdf.allocation(9_000), costs=(12_000,)))
    assert ApprovalStep.objects.count() == 1

    with acting_as(mdf.marketer(request.partner).actor):
        assert ApprovalStep.objects.count() == 0


def test_a_decision_about_another_version_is_refused(vendor):
    request = mdf.submitted()
    seen = request.version
    decisions.open_review(request, by=build.manager(), at=MONDAY)

    with pytest.raises(Changed):
        approve(request, version=seen)


def test_undoing_an_approval_gives_the_money_back_and_the_ledger_keeps_both(vendor):
    share = mdf.allocation(5_000)
    manager = build.manager()
    request = approve(mdf.submitted(share), by=manager)

    request = decisions.undo(request, by=manager, at=MONDAY + timedelta(seconds=9))

    assert (request.status, request.approved_amount, request.claim_by) == (Status.SUBMITTED, None, None)
    assert (mdf.held(share).available, mdf.held(share).reserved) == (5_000, 0)
    kinds = LedgerEntry.objects.filter(subject_id=request.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["reservation", "release"]

    request = approve(request, 1_000, 0, by=manager, at=MONDAY + timedelta(seconds=20))
    assert mdf.held(share).reserved == 1_000


def test_undoing_the_first_of_two_steps_lets_it_be_taken_again(vendor):
    manager = build.manager()
    request = approve(mdf.submitted(mdf.allocation(9_000), costs=(12_000,)), by=manager)

    request = decisions.undo(request, by=manager, at=MONDAY + timedelta(seconds=2))

    assert (request.status, request.approvals_given) == (Status.SUBMITTED, 0)
    assert approve(request, by=manager).approvals_given == 1


def test_only_ones_own_last_decision_is_undone_and_only_at_once(vendor):
    manager = build.manager()
    request = decisions.reject(mdf.submitted(), reason_code="no_fit", note="", by=manager, at=MONDAY)

    for by, at in ((build.manager(), MONDAY), (manager, MONDAY + timedelta(seconds=11))):
        with pytest.raises(TooLateToUndo):
            decisions.undo(request, by=by, at=at)


def test_a_rejected_request_cannot_be_approved(vendor):
    request = decisions.reject(mdf.submitted(), reason_code="no_fit", note="", by=build.manager(), at=MONDAY)

    with pytest.raises(NotPossible):
        approve(request)


def test_many_managers_deciding_at_once_make_one_decision(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = mdf.allocation(5_000)
        request = mdf.submitted(share)
        amounts = mdf.amounts_of(request)
        managers = [build.manager() for _ in range(12)]

    def decide(manager):
        with acting_as(manager.actor):
            return decisions.approve(request, amounts, by=manager, at=MONDAY)

    answers = at_once([lambda m=m: decide(m) for m in managers])

    assert Counter(type(answer) for answer in answers) == {FundRequest: 1, NotPossible: 11}
    with as_system(vendor.pk):
        assert mdf.held(share).reserved == 2_000


def test_many_requests_approved_at_once_reserve_no_more_than_the_share(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = mdf.allocation(7_000)
        waiting = [mdf.submitted(share) for _ in range(8)]
        amounts = {request.pk: mdf.amounts_of(request) for request in waiting}
        manager = build.manager()

    def decide(request):
        with acting_as(manager.actor):
            return decisions.approve(request, amounts[request.pk], by=manager, at=MONDAY)

    answers = at_once([lambda r=r: decide(r) for r in waiting])

    assert Counter(type(answer) for answer in answers) == {FundRequest: 3, NotCovered: 5}
    with as_system(vendor.pk):
        assert mdf.held(share).available == Decimal(1_000)
