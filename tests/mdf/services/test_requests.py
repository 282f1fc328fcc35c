"""Requests for funds: sent, answered, given up, lapsed. Each leaves the money where it belongs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from mdf.enums import RequestStatus as Status
from mdf.models import FundRequest
from mdf.rules.eligibility import Condition
from mdf.services import decisions, drafts, requests
from mdf.services.drafts import AlreadySent, NotYours, Stale
from mdf.services.moves import NotPossible
from mdf.services.requests import Incomplete, NotEligible
from prm.tenancy.context import acting_as
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf


def test_a_draft_keeps_what_was_typed_and_computes_the_vendors_share_line_by_line(vendor):
    share = mdf.allocation()
    by = mdf.marketer(share.partner)

    with acting_as(by.actor):
        request = drafts.save(uuid7(), mdf.content(share, costs=(1_001, 333)), by=by, at=MONDAY)

    lines = [(line.planned_amount, line.asked_amount) for line in request.lines.order_by("position")]
    assert lines == [(1_001, Decimal("500.5")), (333, Decimal("166.5"))]
    assert (request.planned_amount, request.asked_amount) == (1_334, 667)


def test_submitting_gives_a_number_pins_the_terms_and_starts_the_promise(vendor):
    share = mdf.allocation()
    by = mdf.marketer(share.partner)

    with acting_as(by.actor):
        request = mdf.submitted(share, by=by)

    assert request.number == "FR-2026-000001"
    assert request.policy is not None
    assert request.decide_by == MONDAY + timedelta(days=7), "five business days"
    assert request.status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("facts", "condition"),
    [
        ({"starts_on": date(2026, 12, 6)}, Condition.LEAD_TIME),
        ({"ends_on": date(2027, 7, 1)}, Condition.PERIOD),
        ({"costs": (12_000,)}, Condition.COVERED),
    ],
)
def test_what_the_fund_does_not_pay_for_is_refused_with_the_condition(vendor, facts, condition):
    share = mdf.allocation(5_000)

    with pytest.raises(NotEligible) as refused:
        mdf.submitted(share, **facts)

    assert [finding.condition for finding in refused.value.facts["findings"]] == [condition]
    assert "The fund does not pay for this." in refused.value.sentence


def test_a_request_without_costs_is_incomplete(vendor):
    with pytest.raises(Incomplete):
        mdf.submitted(costs=())


def test_a_partner_without_a_share_of_the_fund_is_told_so(vendor):
    share = mdf.allocation()

    with pytest.raises(NotEligible) as refused:
        mdf.submitted(share, by=mdf.marketer())

    assert [finding.condition for finding in refused.value.facts["findings"]] == [Condition.TAKES_PART]


def test_nobody_writes_into_the_draft_of_another_firm(vendor):
    draft = mdf.draft()

    with pytest.raises(NotYours):
        drafts.save(draft.pk, drafts.Content({"title": "Mine"}), by=mdf.marketer(), at=MONDAY)


def test_a_stale_draft_is_not_overwritten(vendor):
    share = mdf.allocation()
    by = mdf.marketer(share.partner)
    draft = mdf.draft(share, by=by)
    drafts.save(draft.pk, drafts.Content({"title": "Newer"}), by=by, at=MONDAY, version=draft.version)

    with pytest.raises(Stale):
        drafts.save(draft.pk, drafts.Content({"title": "Older"}), by=by, at=MONDAY, version=draft.version)

    assert FundRequest.objects.get().title == "Newer"


def test_what_was_sent_is_no_draft_any_more(vendor):
    request = mdf.submitted()

    with pytest.raises(AlreadySent):
        drafts.save(request.pk, drafts.Content(), by=mdf.marketer(request.partner), at=MONDAY)


def test_an_answer_lets_the_clock_run_on_from_where_it_stood(vendor):
    request = mdf.submitted()
    by = mdf.marketer(request.partner)
    promised = request.decide_by
    request = decisions.ask(request, question="Who speaks?", by=build.manager(), at=MONDAY)

    request = requests.answer(request, None, text="Ida Holm.", by=by, at=MONDAY + timedelta(days=3))

    assert request.status == Status.IN_REVIEW
    assert request.decide_by == promised + timedelta(days=3)


def test_changed_costs_ask_for_the_approvals_again(vendor):
    share = mdf.allocation(9_000)
    by = mdf.marketer(share.partner)
    request = mdf.submitted(share, by=by, costs=(12_000, 4_000))
    request = decisions.approve(request, mdf.amounts_of(request), by=build.manager(), at=MONDAY)
    assert request.approvals_given == 1
    request = decisions.ask(request, question="Cheaper?", fields=("lines",), by=build.manager(), at=MONDAY)

    with acting_as(by.actor):
        request = requests.answer(request, mdf.content(share, costs=(11_000,)), text="Yes.", by=by, at=MONDAY)

    assert (request.approvals_given, request.approvals_needed) == (0, 2)


def test_a_question_nobody_answers_withdraws_the_request_once(vendor):
    request = decisions.ask(mdf.submitted(), question="Who?", by=build.manager(), at=MONDAY)
    late = MONDAY + timedelta(days=11)

    assert requests.lapse_unanswered(request, at=MONDAY + timedelta(days=9)) is False
    assert requests.lapse_unanswered(request, at=late) is True
    assert requests.lapse_unanswered(request, at=late) is False
    assert FundRequest.objects.get().status == Status.WITHDRAWN


def test_cancelling_gives_the_reserved_money_back(vendor):
    share = mdf.allocation(5_000)
    by = mdf.marketer(share.partner)
    request = mdf.approved(share, by=by)
    assert mdf.held(share).available == 3_000

    with acting_as(by.actor):
        requests.cancel(request, by=by, at=MONDAY)

    assert (mdf.held(share).available, mdf.held(share).reserved) == (5_000, 0)


def test_what_is_not_claimed_in_time_lapses_and_gives_the_money_back(vendor):
    share = mdf.allocation(5_000)
    request = mdf.approved(share)
    assert request.claim_by == date(2027, 4, 28), "sixty days after the activity, and fifteen more for a first claim"
    after = MONDAY.replace(year=2027, month=4, day=29)

    assert requests.lapse_unclaimed(request, at=after - timedelta(days=1)) is False
    assert requests.lapse_unclaimed(request, at=after) is True
    assert requests.lapse_unclaimed(request, at=after) is False

    request.refresh_from_db()
    assert request.status == Status.LAPSED
    assert mdf.held(share).available == 5_000


def test_each_mark_of_the_terms_reminds_of_the_claim_once(vendor):
    request = mdf.approved()
    days = [date(2027, 3, 29), date(2027, 3, 29), date(2027, 4, 4), date(2027, 4, 27)]

    sent = [requests.remind(request, at=MONDAY.replace(year=day.year, month=day.month, day=day.day)) for day in days]

    assert sent == [True, False, False, True]


def test_a_decided_request_cannot_be_withdrawn(vendor):
    request = mdf.approved()

    with pytest.raises(NotPossible):
        requests.withdraw(request, by=mdf.marketer(request.partner), at=MONDAY)
