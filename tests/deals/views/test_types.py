"""Types of registrations are the vendor's: which there are, what partners read beside them, and who asks for them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from deals.enums import Review
from deals.models import Registration, RegistrationType
from deals.queries import rules, types
from deals.rules.terms import Terms
from deals.services import drafts
from deals.services import types as services
from deals.services.types import LastType, TypeChanged, TypeCodeTaken
from prm.accounts.roles import Role
from prm.programme import exchange
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import every, publish, rule, when
from tests.deals.views.test_registering import send, signed_in, typed

PILOT = {"name": "Pilot", "summary": "A trial that becomes a deal", "position": 0, "is_active": True}


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


@pytest.fixture
def browser(admin):
    return signed_in(admin)


def changed(code, admin, **values):
    kept = next(found for found in types.all_types() if found.code == code)
    facts = {name: getattr(kept, name) for name in services.VALUES} | values
    return services.change(code, facts, seen=services.fingerprint(kept), by=admin, at=MONDAY)


def test_a_vendor_begins_with_the_types_of_the_product_in_the_readers_language(vendor):
    assert [found.code for found in types.all_types()] == [
        "resale",
        "referral",
        "services",
        "managed",
        "renewal",
        "tender",
    ]
    assert not RegistrationType.objects.exists()
    seller = signed_in(build.seller())
    german = seller.get(f"{seller.portal}/deals/new/", headers={"accept-language": "de"}).content.decode()
    assert "Wiederverkauf" in german or "Weiterverkauf" in german


def test_a_type_of_its_own_is_chosen_registered_listed_and_asked_for_by_rules(vendor, admin):
    services.add("pilot", PILOT, by=admin, at=MONDAY)
    publish(rule("Pilots", when("type", "is", "pilot"), decision="approve"), rule("All"))
    seller = signed_in(build.seller())
    assert "A trial that becomes a deal" in seller.get(f"{seller.portal}/deals/new/").content.decode()

    send(seller, type="pilot")

    registration = Registration.objects.get()
    assert (registration.type, registration.review) == ("pilot", Review.APPROVED)
    for reader in (seller, signed_in(build.manager())):
        assert "Pilot" in reader.get(f"{reader.portal}/deals/{registration.pk}/").content.decode()
        assert "Pilot" in reader.get(f"{reader.portal}/deals/export/").content.decode()
        assert "Nordhavn" in reader.get(f"{reader.portal}/deals/?type=pilot").content.decode()
        assert "Nordhavn Logistics" not in reader.get(f"{reader.portal}/deals/?type=resale").content.decode()


def test_a_type_that_is_switched_off_cannot_be_chosen_and_stays_on_deals(vendor, admin):
    seller = signed_in(build.seller())
    send(seller, type="referral")
    changed("referral", admin, is_active=False)

    assert send(seller, type="referral", customer_website="other.example").status_code == 422
    registration = Registration.objects.exclude(number="").get()
    assert "Referral" in seller.get(f"{seller.portal}/deals/{registration.pk}/").content.decode()
    assert "referral" in {choice.key for choice in rules.catalogue_of({}).fields[0].choices}


def test_nobody_registers_a_type_that_is_none(vendor):
    assert send(signed_in(build.seller()), type="pilot").status_code == 422


def test_partners_read_what_a_type_gives_where_nothing_else_can_change_it(vendor):
    large = every(when("type", "is", "referral"), when("value", "over", {"amount": "10000", "currency": "EUR"}))
    publish(
        rule("Managed", when("type", "is", "managed"), protection={"count": 120, "unit": "days"}, discount="15"),
        rule("Resellers do not refer", when("type", "is", "tender"), decision="refuse", reason="other"),
        rule("Large", large, discount="5"),
        rule("All"),
        terms=Terms(protection_days=60),
    )
    partner = build.partner()

    worth = types.worth_of(partner, types.all_types(), MONDAY)

    assert (worth["managed"].days, worth["managed"].discount) == (120, 15)
    assert worth["resale"].days == 60
    assert worth["tender"].is_refused
    assert "referral" not in worth
    seller = signed_in(build.seller(partner))
    page = seller.get(f"{seller.portal}/deals/new/").content.decode()
    assert "You run it for the customer. 120 days protected, 15 % discount" in page
    assert "Not for you, by the vendor’s rules" in page


def test_an_administrator_adds_renames_and_switches_off_types(browser, vendor):
    url = f"{browser.portal}/types/"
    assert "Resale" in browser.get(url).content.decode()
    browser.post(f"{url}new/", {**PILOT, "code": "pilot", "position": "", "is_active": "on"})
    taken = browser.post(f"{url}new/", {**PILOT, "code": "pilot", "is_active": "on"})
    assert (taken.status_code, "Another type has the code pilot" in taken.content.decode()) == (422, True)
    pilot = RegistrationType.objects.get(code="pilot")
    assert pilot.position == 7

    seen = services.fingerprint(pilot)
    browser.post(f"{url}pilot/", {"name": "Trial", "summary": "", "position": "1", "seen": seen})
    pilot.refresh_from_db()
    assert (pilot.name, pilot.is_active) == ("Trial", False)
    stale = browser.post(f"{url}pilot/", {"name": "Old", "summary": "", "position": "1", "seen": seen})
    assert (stale.status_code, "Somebody saved this type" in stale.content.decode()) == (422, True)
    assert browser.get(f"{url}nothing/").status_code == 404


def test_the_words_of_the_product_stay_in_each_readers_language(browser, vendor):
    kept = types.all_types()[0]
    values = {"name": kept.label, "summary": kept.hint, "position": "9", "is_active": "on"}
    browser.post(f"{browser.portal}/types/resale/", {**values, "seen": services.fingerprint(kept)})

    resale = RegistrationType.objects.get(code="resale")
    assert (resale.name, resale.summary, resale.position) == ("Resale", "You sell our products", 9)


def test_the_last_type_that_can_be_chosen_stays(vendor, admin):
    for code in ("referral", "services", "managed", "renewal", "tender"):
        changed(code, admin, is_active=False)

    with pytest.raises(LastType):
        changed("resale", admin, is_active=False)


def test_types_are_not_saved_over_one_another(vendor, admin):
    services.add("pilot", PILOT, by=admin, at=MONDAY)
    with pytest.raises(TypeCodeTaken):
        services.add("pilot", PILOT, by=admin, at=MONDAY)
    with pytest.raises(TypeChanged):
        services.change("pilot", PILOT, seen="old", by=admin, at=MONDAY)


def test_the_file_of_a_programme_brings_types(vendor, admin):
    wanted = {
        "format": 1,
        "registration_types": [{"code": "pilot", "name": "Pilot"}, {"code": "tender", "is_active": False}],
    }
    who = {"by": admin, "at": MONDAY, "effective_on": MONDAY.date()}
    exchange.take_over(wanted, mark=exchange.try_out(wanted, **who).mark, **who)

    found = {row.code: (row.label, row.is_active) for row in types.all_types()}
    assert found["pilot"] == ("Pilot", True)
    assert found["tender"] == ("Tender", False)
    assert found["resale"] == ("Resale", True)


def test_a_type_that_is_switched_off_does_not_come_back_through_a_draft(vendor, admin):
    seller, pk = signed_in(build.seller()), uuid7()
    seller.post(f"{seller.portal}/deals/{pk}/draft/", typed(type="resale"))
    changed("resale", admin, is_active=False)

    page = seller.get(f"{seller.portal}/deals/{pk}/form/").content.decode()
    answer = seller.post(f"{seller.portal}/deals/{pk}/form/", typed(type="resale", version="1"))

    assert "is not offered any more. Choose another type." in page
    assert 'value="resale"' not in page
    assert "This type is not offered. Choose another one." in answer.content.decode()
    assert Registration.objects.get(pk=pk).review == Review.DRAFT


def test_a_draft_begins_with_a_type_that_is_offered(vendor, admin):
    changed("resale", admin, is_active=False)

    draft = drafts.save(uuid7(), drafts.Content(), by=build.seller(), at=MONDAY)

    assert draft.type == types.offered()[0].code != "resale"


def test_no_type_takes_the_code_that_the_pages_need(browser):
    page = browser.post(f"{browser.portal}/types/new/", {"code": "new", "name": "Brand new", "is_active": "on"})

    assert "The portal itself needs the code new." in page.content.decode()
    assert not RegistrationType.objects.filter(code="new").exists()


def test_only_words_that_a_type_came_with_are_translated(vendor, admin):
    services.add("pilot", PILOT | {"name": "Registration", "summary": "Deals"}, by=admin, at=MONDAY)
    changed("referral", admin, name="Registration")

    with override("de"):
        labels = dict(types.choices())

    assert (labels["pilot"], labels["referral"]) == ("Registration", "Registration")
    assert labels["resale"] != "Resale"
