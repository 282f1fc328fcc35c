from datetime import date, timedelta

import pytest

from deals.enums import ProtectionState, Review
from deals.models import EndCustomer, Protection
from deals.services import decisions, protection, registrations
from deals.services.decisions import Contested, TooLateToUndo
from deals.services.moves import NotPossible
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY


def test_an_approval_protects_the_customer_for_the_days_of_the_terms(vendor):
    registration = decisions.approve(build.submitted("edge", "mesh"), by=build.manager(), at=MONDAY)

    assert registration.review == Review.APPROVED
    assert registration.protection == ProtectionState.ACTIVE
    assert registration.protected_until == date(2027, 2, 21)
    assert Protection.objects.filter(registration=registration, is_in_force=True).count() == 2


def test_a_customer_protected_for_another_partner_cannot_be_approved(vendor):
    first = build.approved(customer_website="globex.example")
    late = build.submitted(customer_website="www.globex.example")

    with pytest.raises(Contested) as refusal:
        decisions.approve(late, by=build.manager(), at=MONDAY)

    late.refresh_from_db()
    assert late.review == Review.SUBMITTED
    assert refusal.value.facts["rival"] == first


def test_the_same_customer_may_be_protected_for_another_product_family(vendor):
    build.approved("edge", customer_website="globex.example")

    second = build.approved("mesh", customer_website="globex.example")

    assert second.protection == ProtectionState.ACTIVE


def test_a_released_customer_is_free_the_same_day(vendor):
    first = build.approved(customer_tax_id="DE129273398")
    protection.release(first, by=build.manager(), at=MONDAY)

    second = build.approved(customer_tax_id="129273398")

    assert second.protection == ProtectionState.ACTIVE
    assert EndCustomer.objects.count() == 1


def test_the_database_alone_refuses_two_protections_that_overlap(vendor, monkeypatch):
    build.approved(customer_website="globex.example")
    late = build.submitted(customer_website="globex.example")
    monkeypatch.setattr(decisions, "conflicts_of", lambda *args, **kwargs: [])

    with pytest.raises(Contested):
        decisions.approve(late, by=build.manager(), at=MONDAY)


def test_a_decision_is_made_once(vendor):
    registration = build.approved()

    with pytest.raises(NotPossible):
        decisions.reject(registration, reason_code="other", note="", by=build.manager(), at=MONDAY)


def test_a_decision_can_be_undone_before_it_is_announced(vendor):
    manager, registration = build.manager(), build.submitted()
    decisions.approve(registration, by=manager, at=MONDAY)

    undone = decisions.undo(registration, by=manager, at=MONDAY + timedelta(seconds=3))

    assert (undone.review, undone.protection) == (Review.SUBMITTED, ProtectionState.NONE)
    assert undone.protected_until is None
    assert not Protection.objects.exists()


def test_a_decision_of_somebody_else_cannot_be_undone(vendor):
    registration = build.approved()

    with pytest.raises(TooLateToUndo):
        decisions.undo(registration, by=build.manager(), at=MONDAY)


def test_a_partner_may_release_its_protection_without_seeing_the_vendors_customers(vendor):
    seller = build.seller()
    registration = build.approved(by=seller)

    with acting_as(seller.actor):
        protection.release(registration, by=seller, at=MONDAY)
        assert not EndCustomer.objects.exists()

    registration.refresh_from_db()
    assert registration.protection == ProtectionState.RELEASED


def test_the_clock_stands_still_while_the_partner_answers(vendor):
    seller = build.seller()
    registration = build.submitted(by=seller)
    due = registration.decide_by
    decisions.ask(registration, question="Who signs?", by=build.manager(), at=MONDAY + timedelta(hours=4))

    answered = registrations.answer(registration, None, text="The CFO.", by=seller, at=MONDAY + timedelta(hours=28))

    assert answered.review == Review.IN_REVIEW
    assert answered.decide_by == due + timedelta(hours=24)


def test_an_expired_protection_frees_the_customer_and_expires_once(vendor):
    registration = build.approved()
    day_after = registration.protected_until + timedelta(days=1)

    assert protection.expire(registration, today=registration.protected_until, at=MONDAY) is False
    assert protection.expire(registration, today=day_after, at=MONDAY) is True
    assert protection.expire(registration, today=day_after, at=MONDAY) is False
