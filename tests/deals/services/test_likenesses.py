from collections import Counter
from datetime import timedelta

from deals.enums import Review
from deals.events import CustomersToldApart
from deals.models import CustomerLikeness, EndCustomer, Protection
from deals.queries import facts
from deals.queries.inbox import rivals_by_row
from deals.rules.terms import Terms
from deals.services import decisions, likenesses, matching, registrations
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.races import at_once

TODAY = MONDAY.date()


def pair():
    """Two partners with one customer in two spellings and nothing else in common."""
    names = ("Veldhaven Maritime Systems GmbH", "Veldhavne Maritime Systems")
    return [build.submitted(customer_name=name, customer_website="", customer_city="Bremen") for name in names]


def rivals(registration):
    return [match.conflict for match in rivals_by_row([registration], TODAY)[registration.pk]]


def test_a_customer_in_another_spelling_is_a_conflict_for_both_and_blocks_neither(vendor):
    first, late = pair()

    assert EndCustomer.objects.count() == 2
    for registration in (first, late):
        conflict = rivals(registration)[0]
        assert conflict.likeness.may_be_same
        assert not conflict.reasons
        assert not conflict.blocks_approval


def test_what_looks_like_a_protected_customer_is_for_a_person_to_decide(vendor):
    first, late = pair()
    decisions.approve(first, by=build.manager(), at=MONDAY)

    decisions.approve(late, by=build.manager(), at=MONDAY)

    assert Protection.objects.count() == 2


def test_told_apart_they_are_no_rivals_until_that_is_taken_back(vendor):
    first, late = pair()
    manager = build.manager()

    likenesses.tell_apart(late, first, by=manager, at=MONDAY)
    assert rivals(first) == rivals(late) == []

    likenesses.untell(first, late, by=manager, at=MONDAY)
    assert len(rivals(first)) == len(rivals(late)) == 1


def test_rules_count_who_is_after_a_customer_that_looks_alike_but_call_nobody_protected_for_it(vendor):
    first, late = pair()
    decisions.approve(first, by=build.manager(), at=MONDAY)
    asked = frozenset({"rivals", "rivals_protected", "registrations"})

    def counted():
        known = facts.facts_of(late, at=MONDAY + timedelta(hours=1), asked=asked, terms=Terms())
        assert known.values["registrations"] == []
        return known.values["rivals"], known.values["rivals_protected"]

    assert counted() == (1, 0)
    likenesses.tell_apart(late, first, by=build.manager(), at=MONDAY)
    assert counted() == (0, 0)


def test_what_a_person_said_outlasts_a_new_look(vendor):
    first, late = pair()
    likenesses.tell_apart(late, first, by=build.manager(), at=MONDAY)

    likenesses.look(late.customer, MONDAY)

    assert rivals(late) == []
    assert CustomerLikeness.objects.count() == 1


def test_a_registration_under_a_known_key_teaches_its_name(vendor):
    known = build.submitted(customer_name="Orlinda", customer_tax_id="DE129273398", customer_website="")
    build.submitted(customer_name="Kestrel Foundries", customer_tax_id="DE129273398", customer_website="")

    late = build.submitted(customer_name="Kestrel Foundry", customer_website="")

    assert rivals(late)[0].rival.customer_id == known.customer_id


def test_spellings_that_arrive_at_once_see_each_other(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        forms = ("Systems GmbH", "Systm", "Sistems", "Systems AG", "Syst.", "System")
        names = [f"Veldhaven Maritime {form}" for form in forms]
        forms = [build.content(customer_name=name, customer_website="", customer_city="Bremen") for name in names]
        sellers = [build.seller() for _ in forms]
        drafts = [build.drafts.save(build.uuid7(), f, by=s, at=MONDAY) for f, s in zip(forms, sellers, strict=True)]

    def submit(draft, form, seller):
        with acting_as(seller.actor):
            return registrations.submit(draft, form, by=seller, at=MONDAY)

    answers = at_once([lambda a=a: submit(*a) for a in zip(drafts, forms, sellers, strict=True)])

    assert Counter(type(answer).__name__ for answer in answers) == {"Registration": len(names)}
    with as_system(vendor.pk):
        for registration in answers:
            assert rivals(registration), registration.customer_name


def test_the_web_domain_of_a_contact_tells_whom_a_customer_looks_like(vendor):
    known = build.submitted(customer_name="Veldhaven", customer_website="veldhaven.example")

    late = build.submitted(customer_name="Orlinda", customer_website="", contact_email="ida@mail.veldhaven.example")

    [conflict] = rivals(late)
    assert conflict.rival.registration_id == known.pk
    assert "same_mail_domain" in {reason.code for reason in conflict.likeness.evidence}


def test_an_address_of_the_partner_itself_says_nothing_about_its_customer(vendor):
    build.submitted(customer_name="Kestrel IT", customer_website="kestrel.example")
    seller = build.seller(of=build.partner(website="kestrel.example"))

    late = build.submitted(by=seller, customer_name="Orlinda", customer_website="", contact_email="ida@kestrel.example")

    assert rivals(late) == []


def test_telling_apart_is_the_vendors_and_leaves_a_decision_to_be_undone(vendor):
    first, late = pair()
    manager = build.manager()
    decisions.approve(late, by=manager, at=MONDAY)

    likenesses.tell_apart(late, first, by=manager, at=MONDAY)

    assert Event.objects.get(name=CustomersToldApart.name).partner_path == ""
    assert decisions.undo(late, by=manager, at=MONDAY).review == Review.SUBMITTED


def test_two_customers_are_kept_once_whichever_is_looked_at(vendor):
    first, late = pair()

    likenesses.look(first.customer, MONDAY)
    likenesses.look(late.customer, MONDAY)

    assert CustomerLikeness.objects.count() == 1
    assert rivals(first)[0].likeness == rivals(late)[0].likeness.turned()


def test_customers_of_an_earlier_version_are_looked_at_with_what_their_registrations_say(vendor):
    first, late = pair()
    CustomerLikeness.objects.all().delete()
    EndCustomer.objects.update(match_keys=[], norm_version=0)

    matching.stamp_outdated(MONDAY)

    assert len(rivals(first)) == len(rivals(late)) == 1
