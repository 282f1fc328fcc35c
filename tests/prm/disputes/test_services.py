"""Appealing a rejection, and deciding about it for good."""

from datetime import timedelta

import pytest

from deals.enums import ProtectionState, Review
from deals.models import Protection
from deals.rules.terms import AREA, Terms
from deals.services import decisions, protection
from deals.services.decisions import Contested, TooLateToUndo
from partners.services import partners
from prm.accounts.roles import Role
from prm.approvals import standing_in
from prm.disputes import queries, services
from prm.disputes.models import Dispute, Status
from prm.disputes.services import DisputeClosed, DisputedAlready, NothingToAppeal, NotNeutral, TooLateToAppeal
from prm.events.models import Event
from prm.policies import versions
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY

SAID = {"reason_code": "facts_overlooked", "text": "We were there first."}
OUTCOME = {"reason_code": "mistake", "note": "They were."}


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def first(vendor):
    return build.member(Role.CHANNEL_MANAGER, name="First")


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Neutral")


@pytest.fixture
def rejected(seller, first):
    deal = build.submitted(by=seller, customer_website="globex.example")
    return decisions.reject(deal, reason_code="duplicate", note="Somebody else.", by=first, at=MONDAY)


@pytest.fixture
def dispute(rejected, seller):
    with acting_as(seller.actor):
        return services.appeal(rejected, **SAID, by=seller, at=MONDAY)


def test_an_appeal_keeps_what_was_decided_and_is_promised_in_business_days(dispute, first):
    assert (dispute.decision_by_id, dispute.decision_code, dispute.decision_note) == (
        first.user_id,
        "duplicate",
        "Somebody else.",
    )
    assert dispute.decide_by == MONDAY + timedelta(days=7)


def test_an_approval_cannot_be_appealed(vendor, seller):
    with pytest.raises(NothingToAppeal):
        services.appeal(build.approved(by=seller), **SAID, by=seller, at=MONDAY)


def test_the_last_day_counts_and_the_next_one_does_not(rejected, seller):
    last = MONDAY + timedelta(days=14, hours=13, minutes=59)

    with pytest.raises(TooLateToAppeal):
        services.appeal(rejected, **SAID, by=seller, at=last + timedelta(minutes=1))
    assert services.appeal(rejected, **SAID, by=seller, at=last).status == Status.OPEN


def test_where_the_terms_give_no_days_nobody_appeals(vendor, seller, first):
    versions.publish(AREA, Terms(appeal_days=0).body(), effective_on=MONDAY.date(), at=MONDAY)
    deal = decisions.reject(build.submitted(by=seller), reason_code="other", note="", by=first, at=MONDAY)

    with pytest.raises(NothingToAppeal):
        services.appeal(deal, **SAID, by=seller, at=MONDAY)


def test_a_decision_is_appealed_once(dispute, rejected, seller):
    services.withdraw(dispute, by=seller, at=MONDAY)

    with pytest.raises(DisputedAlready):
        services.appeal(rejected, **SAID, by=seller, at=MONDAY)


def test_overturning_approves_as_the_decision_would_have(dispute, rejected, neutral):
    services.overturn(dispute, **OUTCOME, by=neutral, at=MONDAY + timedelta(days=1))

    rejected.refresh_from_db()
    assert (rejected.review, rejected.protection) == (Review.APPROVED, ProtectionState.ACTIVE)
    assert (rejected.decided_by_id, rejected.reason_code) == (neutral.user_id, "")
    assert Protection.objects.filter(registration=rejected, is_in_force=True).exists()
    names = list(Event.objects.filter(subject_id=rejected.pk).order_by("id").values_list("name", flat=True))
    assert names[-3:] == ["prm.dispute.raised", "deals.registration.approved", "prm.dispute.overturned"]
    with pytest.raises(TooLateToUndo):
        decisions.undo(rejected, by=neutral, at=MONDAY + timedelta(days=1))


def test_upholding_changes_nothing_of_the_record(dispute, rejected, neutral):
    services.uphold(dispute, **OUTCOME, by=neutral, at=MONDAY)

    dispute.refresh_from_db()
    rejected.refresh_from_db()
    assert (dispute.status, dispute.decided_by_id) == (Status.UPHELD, neutral.user_id)
    assert rejected.review == Review.REJECTED


def test_whoever_decided_first_is_not_neutral(dispute, first):
    with pytest.raises(NotNeutral):
        services.uphold(dispute, **OUTCOME, by=first, at=MONDAY)


def test_neither_is_who_stood_in_for_them_then_or_does_now(dispute, first, neutral):
    later = MONDAY + timedelta(days=3)
    days = {"starts_on": later.date(), "ends_on": later.date()}
    standing_in.set_absence(first, neutral, **days, by=first, at=MONDAY)

    with pytest.raises(NotNeutral) as refusal:
        services.overturn(dispute, **OUTCOME, by=neutral, at=later)
    assert refusal.value.facts["why"] == "stands_in"
    assert services.uphold(dispute, **OUTCOME, by=neutral, at=later + timedelta(days=1)).status == Status.UPHELD


def test_a_customer_who_is_protected_meanwhile_keeps_the_decision_from_being_overturned(dispute, rejected, neutral):
    rival = build.approved(customer_website="globex.example")

    with pytest.raises(Contested):
        services.overturn(dispute, **OUTCOME, by=neutral, at=MONDAY)

    dispute.refresh_from_db()
    rejected.refresh_from_db()
    assert (dispute.status, rejected.review) == (Status.OPEN, Review.REJECTED)
    protection.release(rival, by=build.manager(), at=MONDAY)
    services.overturn(dispute, **OUTCOME, by=neutral, at=MONDAY)


def test_what_is_decided_or_withdrawn_is_final(dispute, neutral, seller):
    services.uphold(dispute, **OUTCOME, by=neutral, at=MONDAY)

    for again in (services.uphold, services.overturn):
        with pytest.raises(DisputeClosed):
            again(dispute, **OUTCOME, by=neutral, at=MONDAY)
    with pytest.raises(DisputeClosed):
        services.withdraw(dispute, by=seller, at=MONDAY)


def test_a_question_stops_the_promised_time(dispute, neutral, seller):
    services.ask(dispute, "Who was there?", by=neutral, at=MONDAY + timedelta(days=1))
    answered = services.answer(dispute, "Our engineer.", by=seller, at=MONDAY + timedelta(days=2))

    assert answered.status == Status.OPEN
    assert answered.decide_by == MONDAY + timedelta(days=8)
    with pytest.raises(DisputeClosed):
        services.answer(dispute, "And I.", by=seller, at=MONDAY)


def test_without_an_answer_in_time_the_appeal_ends_and_the_decision_stands(dispute, rejected, neutral):
    asked_at = MONDAY + timedelta(days=1)
    services.ask(dispute, "Who was there?", by=neutral, at=asked_at)
    last = asked_at + services.TIME_TO_ANSWER
    assert list(queries.unanswered(last + timedelta(seconds=1))) == [dispute]

    assert services.lapse(dispute, at=last) is False
    assert services.lapse(dispute, at=last + timedelta(seconds=1)) is True
    assert services.lapse(dispute, at=last + timedelta(seconds=1)) is False

    dispute.refresh_from_db()
    assert (dispute.status, Event.objects.latest("id").payload["is_lapsed"]) == (Status.WITHDRAWN, True)
    assert not list(queries.unanswered(last + timedelta(days=9)))


def test_it_can_be_decided_without_an_answer(dispute, neutral):
    services.ask(dispute, "Who was there?", by=neutral, at=MONDAY)

    assert services.uphold(dispute, **OUTCOME, by=neutral, at=MONDAY).status == Status.UPHELD


def test_a_decision_that_is_appealed_is_not_taken_back_any_more(dispute, rejected, first):
    with pytest.raises(TooLateToUndo):
        decisions.undo(rejected, by=first, at=MONDAY)


def test_what_a_partner_appealed_ends_with_the_work_with_it(dispute, rejected, neutral):
    partners.terminate(rejected.partner, reason="Over.", by=neutral, at=MONDAY)
    services.end_all(rejected.partner.partner_path, at=MONDAY)

    dispute.refresh_from_db()
    assert dispute.status == Status.WITHDRAWN


def test_another_partner_knows_nothing_of_it(dispute):
    with acting_as(build.seller().actor):
        assert not Dispute.objects.exists()
