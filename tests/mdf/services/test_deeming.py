"""What silence counts as for fund requests and claims, where the vendor's rules say so."""

from datetime import timedelta

import pytest

from mdf.areas import problems_of_claims
from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import ClaimLine
from mdf.promises import promised, promised_of_claims
from mdf.queries import due
from mdf.rules.catalogue import CLAIM
from mdf.services import claim_decisions, decisions, requests
from partners.services import partners
from prm.accounts.models import Membership
from prm.approvals import queries as approvals
from prm.audit import words
from prm.events import outbox
from prm.events.models import Delivery, Event
from prm.notifications import words as notifications
from prm.notifications.models import Notification
from prm.policies import versions
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, rule, usd, when
from tests.mdf import build as mdf
from tests.mdf import claim_build as make
from tests.mdf.rulebook import body, publish

pytestmark = pytest.mark.usefixtures("vendor")
MUCH = timedelta(days=30)
PLAN = {"key": "plan", "name": "The plan is good", "asked": [{"role": "channel_manager"}]}


@pytest.fixture(autouse=True)
def manager(vendor):
    return build.manager()


def silence(**then):
    return rule("All", None, decision="person", **then)


def publish_claims(**then):
    made = body(silence(**then))
    assert not problems_of_claims(made), problems_of_claims(made)
    return versions.publish(CLAIM, made, effective_on=EARLIER, at=MONDAY)


def deem(row):
    """Let the clock do what it does after the promised time."""
    at = row.decide_by + timedelta(minutes=5)
    service, find = (decisions, due.undecided_requests)
    if row._meta.label_lower == "mdf.claim":
        service, find = (claim_decisions, due.undecided_claims)
    assert not list(find(row.decide_by))
    done = [service.deem(found, at=at) for found in find(at)]
    assert not list(find(at + MUCH)), "doing it again finds nothing"
    row.refresh_from_db()
    return done


def last(row):
    return Event.objects.filter(subject_id=row.pk).order_by("-at", "-id").first()


def test_silence_approves_a_request_as_asked_and_reserves_the_money(manager):
    publish(silence(deemed="approved"))
    share = mdf.allocation(5_000)
    request = mdf.submitted(share)
    asked = request.asked_amount

    assert deem(request) == [True]

    assert (request.status, request.approved_amount, request.decided_by_id) == (RequestStatus.APPROVED, asked, None)
    assert mdf.held(share).reserved == asked
    assert "Nobody decided in time, so it counts as approved" in words.sentence(last(request))


def test_silence_rejects_a_request_for_the_reason_of_the_rules():
    publish(silence(deemed="rejected", reason="other"))
    request = mdf.submitted()

    assert deem(request) == [True]

    assert (request.status, request.reason_code) == (RequestStatus.REJECTED, "other")
    assert "counts as rejected" in words.sentence(last(request), reason="Other")


def test_without_such_a_rule_silence_is_late_and_nothing_else():
    publish(silence())
    request = mdf.submitted()

    assert deem(request) == []
    assert request.is_waiting


def test_what_the_fund_does_not_hold_any_more_is_left_to_a_person():
    publish(silence(deemed="approved"))
    share = mdf.allocation(2_000)
    first, second = mdf.submitted(share), mdf.submitted(share)
    decisions.approve(first, mdf.amounts_of(first), by=build.manager(), at=MONDAY)

    assert deem(second) == [False]

    assert (second.is_waiting, second.deemed, second.approved_amount) == (True, "none", None)
    assert last(second).name == "mdf.fund_request_deeming.stopped"
    assert last(second).partner_path == ""


def test_silence_never_approves_in_place_of_those_who_have_to_agree():
    publish(rule("All", None, decision="approve", steps=["plan"], deemed="approved"), steps=[PLAN])
    request = mdf.submitted()
    assert approvals.current_of(request)

    assert deem(request) == [False]
    assert request.is_waiting


def test_silence_rejects_what_waits_for_steps_and_nobody_is_asked_any_more():
    publish(rule("All", None, decision="approve", steps=["plan"], deemed="rejected"), steps=[PLAN])
    request = mdf.submitted()

    assert deem(request) == [True]
    assert approvals.current_of(request) is None


def test_where_rules_cannot_tell_silence_cannot_either():
    publish(rule("Small", when("asked", "at_most", usd(1)), deemed="rejected"))
    request = mdf.submitted()

    assert (request.deemed, deem(request)) == ("none", [])


def test_nothing_is_deemed_while_the_partner_is_asked(manager):
    publish(silence(deemed="approved"))
    request = mdf.submitted()
    decisions.ask(request, question="When?", by=manager, at=MONDAY)
    assert not list(due.undecided_requests(MONDAY + MUCH))
    owner = Membership.objects.get(user=request.owner_id)
    request = requests.answer(request, None, text="In May.", by=owner, at=MONDAY + timedelta(days=7))

    assert deem(request) == [True]


def test_what_was_late_before_an_answer_is_for_a_person_to_read(manager):
    publish(silence(deemed="approved"))
    share = mdf.allocation(2_500)
    first, second = mdf.submitted(share), mdf.submitted(share)
    decisions.approve(first, mdf.amounts_of(first), by=manager, at=MONDAY)
    assert deem(second) == [False]
    late = second.decide_by + timedelta(days=1)
    decisions.ask(second, question="Could you do with less?", by=manager, at=late)

    owner = Membership.objects.get(user=second.owner_id)
    plan = mdf.content(share, costs=(100, 100))
    answered = requests.answer(second, plan, text="Yes.", by=owner, at=late + timedelta(days=1))

    assert (answered.deemed, list(due.undecided_requests(late + MUCH))) == ("none", [])


def test_silence_approves_nothing_for_a_partner_that_was_suspended(manager):
    publish(silence(deemed="approved"))
    request = mdf.submitted()
    partners.suspend(request.partner, by=manager, at=MONDAY, reason="Fraud")

    assert deem(request) == [False]


def test_both_sides_are_told(manager):
    publish(silence(deemed="approved"))
    request = mdf.submitted()
    deem(request)
    deliver(request)

    told = {row.kind: row for row in Notification.objects.all()}
    assert {"mdf.deemed", "mdf.fund_request_approved"} <= set(told)
    assert Notification.objects.filter(kind="mdf.deemed", user=manager.user).exists()
    said = notifications.of("mdf.fund_request_approved", told["mdf.fund_request_approved"].facts)
    assert "Nobody decided on" in said.text


def deliver(row):
    Delivery.objects.update(due_at=MONDAY)
    outbox.deliver_due(row.tenant_id)


# -- claims -------------------------------------------------------------------------------------------------
def test_silence_approves_a_claim_as_recommended_and_it_waits_for_payment():
    publish_claims(deemed="approved")
    share = mdf.allocation(5_000)
    claim = make.submitted(mdf.approved(share))

    assert deem(claim) == [True]

    assert (claim.status, claim.approved_amount) == (ClaimStatus.APPROVED, claim.asked_amount)
    assert mdf.held(share).payable == claim.asked_amount
    assert "counts as approved" in words.sentence(last(claim))


def test_silence_rejects_a_claim():
    publish_claims(deemed="rejected", reason="other")
    claim = make.submitted()

    assert deem(claim) == [True]
    assert (claim.status, claim.reason_code) == (ClaimStatus.REJECTED, "other")
    assert "counts as rejected" in words.sentence(last(claim))


def test_a_claim_with_findings_is_left_to_a_person():
    publish_claims(deemed="approved")
    share = mdf.allocation(9_000)
    claim = make.submitted(mdf.approved(share, costs=(1_000, 1_000)), extra=[make.unplanned(500)])

    assert deem(claim) == [False]

    assert (claim.is_waiting, claim.deemed) == (True, "none")
    assert last(claim).name == "mdf.claim_deeming.stopped"
    deliver(claim)
    assert Notification.objects.filter(kind="mdf.deeming_stopped").exists()


def test_a_claim_that_somebody_began_to_judge_is_left_to_them(manager):
    publish_claims(deemed="approved")
    claim = make.submitted()
    line = ClaimLine.objects.filter(claim=claim).first()
    claim_decisions.judge_line(line, line.asked, by=manager, at=make.AFTER)
    claim.refresh_from_db()

    assert deem(claim) == [False]
    assert claim.is_waiting


def test_the_page_of_promises_says_that_silence_may_count():
    assert not promised().deemed
    publish(silence(deemed="approved"))
    publish_claims(deemed="rejected")

    assert promised().deemed
    assert promised_of_claims().deemed
