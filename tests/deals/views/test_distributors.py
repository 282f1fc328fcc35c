"""The distributor on a deal: whom a partner may name, who sees the name, and what naming one shows it: nothing."""

from __future__ import annotations

import pytest
from django.utils import timezone

from deals.enums import Review
from deals.models import Registration
from deals.services import decisions
from partners.enums import PartnerStatus
from partners.services import partners
from partners.services.partners import NoDistributor
from prm.accounts.roles import Role
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule, when
from tests.deals.views.test_registering import send, signed_in


@pytest.fixture
def own(vendor):
    return build.partner("Nordic Distribution", type="distributor")


@pytest.fixture
def opened(vendor):
    made = build.partner("Open Supply", type="distributor")
    return partners.offer_to_partners(made, is_open=True, by=build.manager(), at=MONDAY)


@pytest.fixture
def hidden(vendor):
    return build.partner("Hidden Wholesale", type="distributor")


@pytest.fixture
def seller(own, opened, hidden):
    return build.seller(build.partner("Below Ltd", distributor=own))


@pytest.fixture
def browser(seller):
    return signed_in(seller)


def test_a_partner_is_offered_its_own_distributor_first_and_those_that_are_open(browser):
    page = browser.get(f"{browser.portal}/deals/new/").content.decode()

    assert page.index("Nordic Distribution") < page.index("Open Supply")
    assert "Hidden Wholesale" not in page
    assert "selected>Nordic Distribution" in page


def test_a_partner_without_distributors_to_name_is_not_asked(vendor, hidden):
    for member in (build.seller(), build.seller(hidden)):
        browser = signed_in(member)
        assert 'name="distributor"' not in browser.get(f"{browser.portal}/deals/new/").content.decode()


def test_a_distributor_that_is_not_active_is_not_offered(browser, own, opened):
    for distributor in (own, opened):
        distributor.status = PartnerStatus.SUSPENDED
        distributor.save()

    assert 'name="distributor"' not in browser.get(f"{browser.portal}/deals/new/").content.decode()


def test_nobody_names_a_distributor_that_it_may_not_know(browser, hidden):
    for value in (str(hidden.pk), "nobody", str(build.seller().partner_id)):
        assert send(browser, distributor=value).status_code == 422

    assert {row.distributor_id for row in Registration.objects.all()} == {None}


def test_the_distributor_stands_on_the_deal_for_its_partner_and_the_vendor(browser, opened, vendor):
    send(browser, distributor=str(opened.pk))
    registration = Registration.objects.get()
    manager = signed_in(build.member(Role.CHANNEL_MANAGER))

    assert registration.distributor == opened
    for reader in (browser, manager):
        assert "Open Supply" in reader.get(f"{reader.portal}/deals/{registration.pk}/").content.decode()
        assert "Open Supply" in reader.get(f"{reader.portal}/deals/export/").content.decode()
    listed = manager.get(f"{manager.portal}/deals/", {"distributor": str(opened.pk)}).content.decode()
    assert "through Open Supply" in listed
    other = manager.get(f"{manager.portal}/deals/", {"distributor": str(registration.partner.distributor_id)})
    assert "Nordhavn Logistics" not in other.content.decode()
    assert "Open Supply" in manager.get(f"{manager.portal}/deals/to-decide/{registration.pk}/").content.decode()


def test_a_distributor_that_is_named_sees_nothing_of_it_and_the_one_above_sees_all(browser, own, opened):
    send(browser, distributor=str(opened.pk))
    registration = Registration.objects.get()
    named, above = (build.member(Role.PARTNER_ADMIN, of=firm) for firm in (opened, own))

    for member, is_seen in ((named, False), (above, True)):
        with acting_as(member.actor):
            assert Registration.objects.visible_to(member).filter(pk=registration.pk).exists() is is_seen
            assert Registration.across_tenants.filter(pk=registration.pk).exists() is is_seen
        client = signed_in(member)
        answer = client.get(f"{client.portal}/deals/{registration.pk}/")
        assert answer.status_code == (200 if is_seen else 404)


def test_a_deal_bought_directly_names_none(browser):
    send(browser, distributor="")

    assert Registration.objects.get().distributor is None


def test_rules_ask_for_a_distributor_and_for_a_certain_one(browser, own, opened):
    publish(
        rule("By way of a distributor", when("names_distributor", "is", False), decision="refuse", reason="other"),
        rule("Open Supply", when("distributor", "is", str(opened.pk)), decision="approve"),
        rule("All"),
    )

    for named in ("", str(own.pk), str(opened.pk)):
        send(browser, distributor=named, customer_website=f"c{named[:13]}.example", customer_name=f"C {named[-6:]} AG")

    found = dict(Registration.objects.values_list("distributor_id", "review"))
    assert found == {None: Review.REJECTED, own.pk: Review.SUBMITTED, opened.pk: Review.APPROVED}


def test_the_vendor_asks_which_distributor_it_is(browser, own, opened):
    send(browser, distributor=str(own.pk))
    registration = Registration.objects.get()
    who = {"by": build.manager(), "at": timezone.now()}
    decisions.ask(registration, question="Through whom?", fields=("distributor",), **who)

    page = browser.get(f"{browser.portal}/deals/{registration.pk}/answer/").content.decode()
    assert "selected>Nordic Distribution" in page
    browser.post(
        f"{browser.portal}/deals/{registration.pk}/answer/", {"answer": "Another.", "distributor": str(opened.pk)}
    )

    registration.refresh_from_db()
    assert registration.is_waiting
    assert registration.distributor == opened


def test_the_vendor_opens_a_distributor_to_all_partners_and_closes_it(vendor, hidden):
    manager = signed_in(build.member(Role.CHANNEL_MANAGER))
    url = f"{manager.portal}/partners/{hidden.pk}/"
    assert "Let all partners name it" in manager.get(url).content.decode()

    manager.post(f"{url}openness/", {"open": "yes"})
    page = manager.get(url).content.decode()
    assert "Only its own resellers" in page
    assert "let all partners name this distributor on their deals" in page
    manager.post(f"{url}openness/", {"open": "no"})

    hidden.refresh_from_db()
    assert not hidden.is_open_to_partners


def test_only_distributors_are_opened(vendor):
    with pytest.raises(NoDistributor):
        partners.offer_to_partners(build.partner(), is_open=True, by=build.manager(), at=MONDAY)
