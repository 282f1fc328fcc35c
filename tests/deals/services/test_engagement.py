"""What becomes of a registration by the vendor's rules."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from deals import tasks
from deals.enums import Because, Course, DealType, Deemed, ProtectionState, Review
from deals.models import Protection, Registration
from deals.queries import rules as rule_queries
from deals.services import decisions, protection, registrations
from deals.services.drafts import Content
from prm.clocks.clock import Unit
from prm.events.models import Event
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, every, matched, publish, rule, ruling, when

RESALE = every(when("type", "is", "resale"), when("value", "at_least", eur(25000)))


def test_without_rules_a_person_decides_within_the_days_of_the_terms(vendor):
    registration = build.submitted()

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).course == Course.PERSON
    assert registration.decide_by == MONDAY + timedelta(days=2)


def test_a_rule_approves_at_once_and_is_named(vendor):
    publish(rule("Large resale", RESALE, decision="approve", protection={"count": 6, "unit": "months"}))
    seller = build.seller()

    with acting_as(seller.actor):
        registration = build.submitted(by=seller, value_amount=Decimal("46200"))

    assert registration.review == Review.APPROVED
    assert registration.is_decided_by_rules
    assert registration.protected_until == date(2027, 5, 23)
    assert matched(registration) == ["Large resale"]
    assert Event.objects.get(name="deals.registration.approved").payload["rules"] == ["Large resale"]


def test_a_rule_refuses_with_its_reason(vendor):
    publish(rule("Too small", when("value", "under", eur(5000)), decision="refuse", reason="not_eligible"))

    registration = build.submitted(value_amount=Decimal("4999.99"))

    assert registration.review == Review.REJECTED
    assert registration.reason_code == "not_eligible"


def test_what_no_rule_matches_goes_to_a_person(vendor):
    publish(rule("Large resale", RESALE, decision="approve"))

    registration = build.submitted(value_amount=Decimal("1000"))

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).because == Because.RULES
    assert matched(registration) == []


def test_what_is_missing_sends_it_to_a_person_and_is_named(vendor):
    publish(rule("Soon", when("starts_on", "at_most", {"count": 30, "unit": "days"}), decision="approve"))

    registration = build.submitted()

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).because == Because.UNCERTAIN
    assert ruling(registration).trace[0]["trace"]["missing"] == [["starts_on"]]


def test_an_amount_without_a_rate_is_never_compared(vendor):
    publish(rule("Large", when("value", "at_least", {"amount": "1", "currency": "JPY"}), decision="approve"))

    registration = build.submitted()

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).trace[0]["trace"]["missing"] == [["value", "EUR", "JPY"]]


def test_a_protected_customer_is_never_approved_at_once(vendor):
    publish(rule("All", decision="approve"))
    first = build.submitted(customer_website="globex.example")

    late = build.submitted(customer_website="globex.example")

    assert first.review == Review.APPROVED
    assert late.review == Review.SUBMITTED
    assert ruling(late).because == Because.CONTESTED
    assert Protection.objects.count() == 1


def test_nobody_is_approved_at_once_while_somebody_else_waits(vendor):
    waiting = build.submitted(customer_website="globex.example")
    publish(rule("All", decision="approve"))

    late = build.submitted(customer_website="globex.example")

    assert waiting.review == Review.SUBMITTED
    assert late.review == Review.SUBMITTED


def test_the_constraint_stops_the_rules_too(vendor, monkeypatch):
    publish(rule("All", decision="approve"))
    build.submitted(customer_website="globex.example")
    for module in (registrations, decisions):
        monkeypatch.setattr(module, "conflicts_of", lambda *args, **kwargs: [])

    late = build.submitted(customer_website="globex.example")

    late.refresh_from_db()
    assert late.review == Review.SUBMITTED
    assert ruling(late).because == Because.CONTESTED
    assert Protection.objects.count() == 1


def test_approval_steps_come_before_an_approval(vendor):
    steps = [{"key": "legal", "name": "Legal", "asked": [{"role": "finance"}]}]
    publish(rule("All", decision="approve", steps=["legal"]), steps=steps)

    registration = build.submitted()

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).because == Because.STEPS
    assert rule_queries.stipulated(registration).steps == ("legal",)


def test_the_promise_is_the_one_of_the_rule(vendor):
    publish(rule("Tenders", when("is_tender", "is", True), promise_days="10"), rule("Rest", promise_hours="2"))

    tender = build.submitted(type=DealType.TENDER)
    other = build.submitted()

    assert tender.decide_by == MONDAY + timedelta(days=14)
    assert other.decide_by == MONDAY + timedelta(hours=2)
    assert rule_queries.stipulated(other).promise.unit == Unit.HOURS


def test_older_registrations_keep_their_version(vendor):
    old = build.submitted()
    publish(rule("All", decision="refuse", reason="other", protection={"count": 5, "unit": "days"}))

    approved = decisions.approve(old, by=build.manager(), at=MONDAY)

    assert approved.protected_until == MONDAY.date() + timedelta(days=90)


def test_rules_of_a_later_day_wait_for_it(vendor):
    publish(rule("All", decision="approve"), on=date(2026, 11, 30))

    before = build.submitted()
    after = build.submitted(at=MONDAY + timedelta(days=7))

    assert before.review == Review.SUBMITTED
    assert after.review == Review.APPROVED


def test_a_protection_may_count_from_the_submission(vendor):
    six_months = {"count": 6, "unit": "months"}
    publish(rule("All", protection=six_months, protection_from="submission"))
    registration = build.submitted()

    approved = decisions.approve(registration, by=build.manager(), at=MONDAY + timedelta(days=4))

    assert approved.protected_until == date(2027, 5, 23)


def test_extensions_are_those_of_the_rule(vendor):
    publish(rule("All", extension={"count": 6, "unit": "months"}, extension_limit="2"))
    registration = build.approved()

    asked = protection.ask_extension(registration, progress="We met.", by=build.seller(), at=MONDAY)
    extended = protection.extend(asked, by=build.manager(), at=MONDAY)

    assert extended.protected_until == date(2027, 8, 21)
    assert rule_queries.stipulated(extended).extension_limit == 2


def test_an_answer_is_judged_again_and_left_to_whoever_asked(vendor):
    publish(rule("Large resale", RESALE, decision="approve"))
    seller = build.seller()
    registration = build.submitted(by=seller, value_amount=Decimal("20000"))
    decisions.ask(registration, question="How much?", fields=("value",), by=build.manager(), at=MONDAY)

    facts = Content({"value_amount": Decimal(30000), "value_currency": "EUR"})
    at = MONDAY + timedelta(hours=3)
    with acting_as(seller.actor):
        answered = registrations.answer(registration, facts, text="More.", by=seller, at=at)

    assert answered.review == Review.IN_REVIEW
    assert ruling(registration).course == Course.APPROVE
    assert matched(registration) == ["Large resale"]


@pytest.mark.parametrize(("deemed", "review"), [("approved", Review.APPROVED), ("rejected", Review.REJECTED)])
def test_what_nobody_decides_in_time_is_decided_by_the_clock_once(vendor, deemed, review):
    publish(rule("All", deemed=deemed, promise_days="2", reason="no_activity"))
    registration = build.submitted()

    assert decisions.deem(registration, at=registration.decide_by) is False
    assert decisions.deem(registration, at=registration.decide_by + timedelta(days=9)) is True
    assert decisions.deem(registration, at=registration.decide_by + timedelta(days=9)) is False

    registration.refresh_from_db()
    assert registration.review == review
    event = Event.objects.get(subject_id=registration.pk, name__in=(f"deals.registration.{review}",))
    assert event.payload["is_deemed"] is True
    assert event.by_id is None


def test_the_schedule_finds_what_is_to_be_deemed(committed, django_db_blocker):
    made = build.vendor()
    with build.as_system(made.pk):
        publish(rule("All", deemed="approved"))
        registration = build.submitted()
        Registration.objects.update(decide_by=MONDAY - timedelta(days=300))

    tasks.deem_undecided()
    tasks.deem_undecided()

    with build.as_system(made.pk):
        registration.refresh_from_db()
        assert registration.review == Review.APPROVED
        assert Event.objects.filter(name="deals.registration.approved").count() == 1


def test_silence_approves_nobody_who_is_contested(vendor):
    publish(rule("All", deemed="approved"))
    registration = build.submitted(customer_website="globex.example")
    build.submitted(customer_website="globex.example")

    assert decisions.deem(registration, at=registration.decide_by + timedelta(days=1)) is False

    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED
    assert registration.deemed == Deemed.NONE
    assert Event.objects.filter(name="deals.deeming.stopped").count() == 1


def test_what_was_late_before_an_answer_is_not_decided_by_silence(vendor):
    publish(rule("All", deemed="approved"))
    seller = build.seller()
    registration = build.submitted(by=seller, customer_website="globex.example")
    build.submitted(customer_website="globex.example")
    late = registration.decide_by + timedelta(days=1)
    assert decisions.deem(registration, at=late) is False

    decisions.ask(registration, question="Who?", fields=("value",), by=build.manager(), at=late)
    facts = Content({"value_amount": Decimal(30000), "value_currency": "EUR"})
    with acting_as(seller.actor):
        answered = registrations.answer(registration, facts, text="More.", by=seller, at=late + timedelta(days=1))

    assert answered.deemed == Deemed.NONE


def test_a_question_stops_the_clock_of_a_deemed_decision(vendor):
    publish(rule("All", deemed="approved"))
    registration = build.submitted()
    decisions.ask(registration, question="Who?", by=build.manager(), at=MONDAY)

    assert decisions.deem(registration, at=MONDAY + timedelta(days=9)) is False


def test_a_deemed_decision_can_be_taken_back_and_stays_so(vendor):
    publish(rule("All", deemed="approved"))
    registration = build.submitted()
    late = registration.decide_by + timedelta(hours=1)
    decisions.deem(registration, at=late)

    undone = decisions.undo(registration, by=build.manager(), at=late + timedelta(seconds=5))

    assert (undone.review, undone.protection) == (Review.SUBMITTED, ProtectionState.NONE)
    assert decisions.deem(undone, at=late + timedelta(hours=1)) is False


def test_rules_that_can_no_longer_be_read_send_it_to_a_person(vendor):
    version = publish(rule("All", decision="approve"))
    version.body["rules"]["rules"][0]["when"] = {"field": "long_gone", "is": "is", "value": True}
    version.save()

    registration = build.submitted()

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).because == Because.UNCERTAIN
