"""What only real, concurrent transactions can show."""

from collections import Counter

from deals.enums import Review
from deals.models import EndCustomer, Protection, Registration
from deals.services import decisions, registrations
from deals.services.decisions import Contested
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule
from tests.races import at_once

RIVALS = 50


def test_fifty_managers_approving_fifty_rivals_make_one_protection(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        rivals = [build.submitted(customer_website="globex.example") for _ in range(RIVALS)]
        manager = build.manager()

    def approve(registration):
        with acting_as(manager.actor):
            return decisions.approve(registration, by=manager, at=MONDAY)

    answers = at_once([lambda r=r: approve(r) for r in rivals])

    assert Counter(type(answer) for answer in answers) == {Registration: 1, Contested: RIVALS - 1}
    with as_system(vendor.pk):
        assert Protection.objects.count() == 1
        assert Registration.objects.filter(review=Review.APPROVED).count() == 1


def test_partners_submitting_one_new_customer_at_once_meet_at_one_customer(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        forms = [build.content(customer_tax_id="DE129273398", customer_website="globex.example") for _ in range(8)]
        sellers = [build.seller() for _ in forms]
        drafts = [build.drafts.save(build.uuid7(), f, by=s, at=MONDAY) for f, s in zip(forms, sellers, strict=True)]

    def submit(draft, form, seller):
        with acting_as(seller.actor):
            return registrations.submit(draft, form, by=seller, at=MONDAY)

    calls = [lambda a=a: submit(*a) for a in zip(drafts, forms, sellers, strict=True)]
    answers = at_once(calls)

    assert {type(answer) for answer in answers} == {Registration}
    with as_system(vendor.pk):
        assert EndCustomer.objects.count() == 1
        assert len({answer.number for answer in answers}) == 8


def test_many_who_agree_and_refuse_at_once_come_to_one_decision(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        step = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}], "need": 3}
        publish(rule("All", decision="approve", steps=["sales"]), steps=[step])
        registration, managers = build.submitted(), [build.manager() for _ in range(16)]

    def approve(manager):
        with acting_as(manager.actor):
            return decisions.approve(registration, by=manager, at=MONDAY)

    def reject(manager):
        with acting_as(manager.actor):
            return decisions.reject(registration, reason_code="other", note="No", by=manager, at=MONDAY)

    deciding = [approve, approve, approve, reject] * 4
    answers = at_once([lambda m=m, f=f: f(m) for m, f in zip(managers, deciding, strict=True)])

    reviews = {answer.review for answer in answers if isinstance(answer, Registration)} - {Review.SUBMITTED}
    assert len(reviews) == 1
    with as_system(vendor.pk):
        registration.refresh_from_db()
        assert {registration.review} == reviews
        assert Protection.objects.count() == (1 if registration.review == Review.APPROVED else 0)
