"""Who comes first by the vendor's terms decides who is next, who is approved at once, and what has to be explained."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deals.enums import CaseDecision, CaseStatus, Criterion, Review
from deals.models import Registration
from deals.queries import precedence
from deals.rules.cases import Verdict
from deals.rules.terms import Terms
from deals.services import case_decisions, cases, decisions, protection, queue, registrations
from deals.services.decisions import NotFirst
from prm.events.models import Event
from prm.files.models import File
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule

pytestmark = pytest.mark.usefixtures("vendor")
SAME = {"customer_website": "globex.example", "customer_name": "Globex"}
BY_LETTER = Terms(precedence=(Criterion.LETTER, Criterion.SUBMISSION))


def hours(count):
    return MONDAY + timedelta(hours=count)


def chosen(at=MONDAY, **facts):
    """A registration whose customer chose the partner in a letter that is attached."""
    seller, form = build.seller(), build.content(**SAME, letter_on=MONDAY.date(), **facts)
    draft = build.drafts.save(build.uuid7(), form, by=seller, at=at)
    build.file(draft, seller)
    return registrations.submit(draft, form, by=seller, at=at)


def overridden():
    return [event.payload["why"] for event in Event.objects.filter(name="deals.precedence.overridden")]


def test_whoever_asked_first_comes_first_unless_the_terms_say_otherwise():
    early, late = build.submitted(**SAME), chosen(at=hours(1))

    order = lambda terms: precedence.order_of([late, early], terms=terms, at=hours(2))  # noqa: E731

    assert order(Terms()).first == early
    assert order(BY_LETTER).first == late
    assert order(BY_LETTER).why.by == Criterion.LETTER


def test_a_letter_without_a_file_is_none():
    early, late = build.submitted(**SAME), build.submitted(**SAME, letter_on=MONDAY.date(), at=hours(1))

    assert precedence.order_of([late, early], terms=BY_LETTER, at=hours(2)).first == early


def test_a_letter_whose_file_is_still_being_checked_is_none():
    early, late = build.submitted(**SAME), chosen(at=hours(1))
    File.objects.filter(subject_id=late.pk).update(status=File.Status.QUARANTINED)

    assert precedence.order_of([late, early], terms=BY_LETTER, at=hours(2)).first == early


def test_whoever_approves_another_than_comes_first_says_why_and_only_the_vendor_reads_it():
    early, late = build.submitted(**SAME), build.submitted(at=hours(1), **SAME)
    manager = build.manager()

    with pytest.raises(NotFirst) as refusal:
        decisions.approve(late, by=manager, at=hours(2), aside="")
    assert early.partner.name in refusal.value.sentence
    decisions.approve(late, by=manager, at=hours(2), aside="The first one is about another site.")

    event = Event.objects.get(name="deals.precedence.overridden")
    assert (event.payload["why"], event.partner_path) == ("The first one is about another site.", "")
    assert Registration.objects.get(pk=late.pk).review == Review.APPROVED


def test_whoever_comes_first_is_approved_without_a_word():
    early = build.submitted(**SAME)
    build.submitted(at=hours(1), **SAME)

    assert decisions.approve(early, by=build.manager(), at=hours(2), aside="").review == Review.APPROVED
    assert overridden() == []


def test_the_next_in_line_is_who_comes_first_by_the_terms():
    publish(terms=BY_LETTER)
    seller = build.seller()
    holder = build.approved(by=seller, **SAME)
    build.submitted(at=hours(1), **SAME)
    late = chosen(at=hours(2))
    released = protection.release(holder, by=seller, at=hours(3))

    assert queue.reconsider(released, after=build.uuid7(), at=hours(3)) == late


def test_rules_approve_at_once_who_comes_first_though_others_wait():
    publish(rule("All", decision="approve", contested="first"), terms=BY_LETTER)
    publish(terms=replace(BY_LETTER, decision_business_days=9), on=MONDAY.date() - timedelta(days=30))
    waiting = build.submitted(**SAME)
    publish(rule("All", decision="approve", contested="first"), terms=BY_LETTER, on=MONDAY.date())

    not_first = build.submitted(at=hours(1), **SAME)
    first = chosen(at=hours(2))

    assert (waiting.review, not_first.review, first.review) == (Review.SUBMITTED, Review.SUBMITTED, Review.APPROVED)


def test_rules_approve_nobody_against_a_protected_rival_though_the_letter_is_theirs():
    publish(rule("All", decision="approve", contested="first"), terms=BY_LETTER)
    holder = build.submitted(**SAME)

    late = chosen(at=hours(1))

    assert (holder.is_protected, late.review) == (True, Review.SUBMITTED)


def case_of(*rows):
    return cases.open_case(rows[0], rows[1:], by=build.manager(), at=hours(3))


def test_a_case_is_awarded_to_another_than_comes_first_only_with_a_reason():
    early, late = build.submitted(**SAME), build.submitted(at=hours(1), **SAME)
    case = case_of(early, late)
    verdict = Verdict(CaseDecision.AWARD, winner=case.parties.get(registration=late).pk)
    said = {"reason_code": "duplicate", "version": case.version, "by": build.manager(), "at": hours(4)}

    with pytest.raises(NotFirst):
        case_decisions.decide(case, verdict, aside="", **said)
    decided = case_decisions.decide(case, verdict, aside="The customer wants them.", **said)

    assert decided.status == CaseStatus.DECIDED
    assert overridden() == ["The customer wants them."]


def test_a_letter_that_is_brought_as_evidence_counts():
    early, late = build.submitted(**SAME), build.submitted(at=hours(1), **SAME)
    case = cases.ask_for_evidence(case_of(early, late), "What did you do?", version=1, by=build.manager(), at=hours(3))
    party, seller = case.parties.get(registration=late), build.seller(of=late.partner)
    build.file(party, seller)

    cases.give_evidence(party, "They chose us.", letter_on=MONDAY.date(), by=seller, at=hours(4))

    rows = [Registration.objects.get(pk=row.pk) for row in (early, late)]
    assert precedence.order_of(rows, terms=BY_LETTER, at=hours(5)).first == late
