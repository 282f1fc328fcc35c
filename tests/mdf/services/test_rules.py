"""Requests take the course that the vendor's rules give them, and pass the steps that those name."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mdf.enums import RequestStatus as Status
from mdf.models import FundRequest
from mdf.queries import inbox, past
from mdf.rules import steps as step_rules
from mdf.rules.catalogue import AREA
from mdf.rules.steps import USUAL
from mdf.rules.terms import Terms
from mdf.services import decisions, drafts, requests
from prm.accounts.roles import Role
from prm.approvals.models import Approval
from prm.approvals.plans import Facts
from prm.approvals.services import NotYourTurn
from prm.money import Money
from prm.policies import following
from prm.policies.courses import Because
from prm.policies.models import CourseTaken
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, rule, when
from tests.mdf import build as mdf
from tests.mdf.rulebook import body, publish

SMALL = rule("Small", when("asked", "at_most", eur(1_000)), decision="approve")
CFO = {"key": "cfo", "name": "The money is there", "asked": [{"role": "finance"}], "stage": 2}
PLAN = {"key": "plan", "name": "The plan is good", "asked": [{"owner": True}, {"role": "channel_manager"}]}


def test_a_small_request_is_approved_at_once_and_its_money_kept(vendor):
    publish(SMALL)
    share = mdf.allocation(5_000)

    request = mdf.submitted(share, costs=(1_200, 800))

    assert (request.status, request.approved_amount, request.decided_by_id) == (Status.APPROVED, 1_000, None)
    assert mdf.held(share).reserved == 1_000
    assert following.matched(following.latest(request)) == ("Small",)


def test_a_partner_submits_without_seeing_what_the_rules_said(vendor):
    publish(SMALL)
    share = mdf.allocation(5_000)
    by, plan = mdf.marketer(share.partner), mdf.content(share, costs=(1_000,))
    request = mdf.draft(share, by=by, costs=(1_000,))

    with acting_as(by.actor):
        request = requests.submit(request, plan, by=by, at=MONDAY)
        assert not CourseTaken.objects.exists()

    assert request.status == Status.APPROVED
    assert CourseTaken.objects.count() == 1


def test_rules_approve_nothing_that_the_fund_does_not_hold(vendor):
    publish(SMALL)
    share = mdf.allocation(1_500)
    mdf.submitted(share, costs=(2_000,))

    with pytest.raises(requests.NotEligible):  # the fund itself refuses it already
        mdf.submitted(share, costs=(2_000,))


def test_a_request_is_refused_with_the_reason_of_the_rule(vendor):
    publish(rule("No gifts", when("title", "contains", "gift"), decision="refuse", reason="no_fit"))

    request = mdf.submitted(title="A gift for each guest")

    assert (request.status, request.reason_code, request.decided_by_id) == (Status.REJECTED, "no_fit", None)


def test_what_is_missing_leaves_it_to_a_person(vendor):
    publish(rule("Many leads", when("expected_leads", "at_least", "5"), decision="approve"))

    request = mdf.submitted(expected_leads=None)

    assert request.status == Status.SUBMITTED
    assert following.latest(request).because == Because.UNCERTAIN


def test_steps_of_rules_take_the_place_of_the_usual_ones(vendor):
    publish(rule("All", None, decision="person", steps=["plan", "cfo"], promise_days="1"), steps=(PLAN, CFO))
    request = mdf.submitted(costs=(1_000,))
    finance, manager = build.member(Role.FINANCE), build.manager()
    assert request.approvals_needed == 2
    with pytest.raises(NotYourTurn):
        decisions.approve_as_asked(request, by=finance, at=MONDAY)

    request = decisions.approve_as_asked(request, by=manager, at=MONDAY)
    assert (request.status, request.approvals_given) == (Status.IN_REVIEW, 1)
    assert inbox.rows_of(inbox.View.MINE, finance, MONDAY).get() == request
    request = decisions.approve_as_asked(request, by=finance, at=MONDAY)

    assert (request.status, request.decided_by_id) == (Status.APPROVED, finance.user_id)


def test_a_step_that_refuses_ends_it_for_all(vendor):
    publish(rule("All", None, decision="person", steps=["plan", "cfo"]), steps=(PLAN, CFO))
    request = mdf.submitted()

    with pytest.raises(NotYourTurn):
        decisions.reject(request, reason_code="no_fit", note="", by=build.member(Role.FINANCE), at=MONDAY)
    decisions.reject(request, reason_code="no_fit", note="", by=build.manager(), at=MONDAY)

    assert Approval.objects.get().status == Approval.Status.REJECTED


def test_an_answer_asks_again_only_the_steps_that_look_at_what_changed(vendor):
    audience = {**PLAN, "looks_at": ["audience"]}
    money = {**CFO, "stage": 1, "looks_at": ["lines"]}
    publish(rule("All", None, decision="person", steps=["plan", "cfo"]), steps=(audience, money))
    share = mdf.allocation()
    by = mdf.marketer(share.partner)
    request = mdf.submitted(share, by=by)
    manager, finance = build.manager(), build.member(Role.FINANCE)
    request = decisions.approve_as_asked(request, by=manager, at=MONDAY)
    request = decisions.ask(request, question="Who?", fields=("audience",), by=finance, at=MONDAY)

    content = drafts.Content({"audience": "Buyers"}, None)
    request = requests.answer(request, content, text="Them", by=by, at=MONDAY + timedelta(hours=1))

    assert request.approvals_given == 0
    request = decisions.approve_as_asked(request, by=finance, at=MONDAY + timedelta(hours=2))
    assert request.status == Status.IN_REVIEW
    request = decisions.approve_as_asked(request, by=manager, at=MONDAY + timedelta(hours=2))
    assert request.status == Status.APPROVED


def test_a_withdrawn_request_asks_nobody_any_more(vendor):
    publish(rule("All", None, decision="person", steps=["plan"]), steps=(PLAN,))
    share = mdf.allocation()
    by = mdf.marketer(share.partner)

    requests.withdraw(mdf.submitted(share, by=by), by=by, at=MONDAY)

    assert Approval.objects.get().status == Approval.Status.RECALLED


def test_it_can_be_about_what_the_partner_asked_for_before(vendor):
    earlier = {"total": "requests", "how": "sum", "of": "asked", "window": {"kind": "year"}}
    publish(rule("Enough", {**earlier, "is": "over", "value": eur(2_000)}, decision="refuse", reason="no_budget"))
    share = mdf.allocation(9_000)
    mdf.submitted(share, costs=(3_000,), at=MONDAY - timedelta(days=3))
    second = mdf.submitted(share, costs=(3_000,), at=MONDAY - timedelta(days=2))

    third = mdf.submitted(share, costs=(3_000,))

    assert (second.status, third.status) == (Status.SUBMITTED, Status.REJECTED)


def test_whoever_lowers_an_amount_below_the_limit_has_the_last_word(vendor):
    request = mdf.submitted(mdf.allocation(9_000), costs=(12_000,))
    request = decisions.approve(request, mdf.amounts_of(request, 6_000), by=build.manager(), at=MONDAY)
    assert request.status == Status.IN_REVIEW

    request = decisions.approve(request, mdf.amounts_of(request, 4_000), by=build.manager(), at=MONDAY)

    assert (request.status, request.approved_amount) == (Status.APPROVED, 4_000)


@pytest.mark.parametrize(("amount", "number"), [(5_000, 1), (5_001, 2), (25_000, 2), (25_001, 3)])
def test_the_usual_steps_follow_the_amount(amount, number):
    plan = step_rules.usual(Terms(), Facts(Money(Decimal(amount), "EUR")), ("One", "Two", "Three"))

    assert [step.key for step in plan.steps] == list(USUAL[:number])
    assert step_rules.is_plain(plan) is (number == 1)


def test_past_requests_are_judged_under_a_draft_and_stay_as_they_are(vendor):
    small, large = mdf.submitted(costs=(1_000,)), mdf.submitted(costs=(3_000,))
    days = date(2026, 1, 1), MONDAY.date()

    found = past.REQUESTS.compare(*days, after=None, limit=10, before_body={}, after_body=body(SMALL))

    assert past.REQUESTS.number(*days) == 2
    told = {row.pk: row.changes(["decision"]) for row in found}
    assert told == {small.pk: [("decision", "person", "approve")], large.pk: []}
    assert set(FundRequest.objects.values_list("status", flat=True)) == {Status.SUBMITTED}


def test_a_new_vendor_has_rules_that_leave_everything_to_people(vendor):
    version = following.in_force(AREA, MONDAY.date())

    assert following.rules_in(version).default["decision"] == "person"
