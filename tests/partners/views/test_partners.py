from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.enums import PartnerStatus, PartnerType, TierReason
from partners.models import Partner, Tier, TierMembership
from partners.services import partners, tiers
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.partners.programs import program
from tests.prm.ui.test_shell import sign_in


@pytest.fixture
def portal(vendor):
    return f"/{vendor.slug}/partners/"


@pytest.fixture
def manager(vendor):
    return sign_in(build.manager())


@pytest.fixture
def admin(vendor):
    return sign_in(build.member(Role.ADMIN))


@pytest.fixture
def gold(vendor):
    program("Silver", "Gold")
    return Tier.objects.get(name="Gold", is_offered=True)


def names(client, portal, **filters):
    return [partner.name for partner in client.get(portal, filters).context["listing"].rows]


def test_partners_are_listed_by_name_and_narrowed(portal, manager, gold):
    north = build.partner("Northlight", country="NO", city="Oslo")
    build.partner("Kestrel", type=PartnerType.MSP)
    tiers.place(north, gold, starts_on=date(2025, 1, 1), reason=TierReason.EARNED, by=build.manager(), at=build.MONDAY)

    assert names(manager, portal) == ["Kestrel", "Northlight"]
    assert names(manager, portal, sort="-name") == ["Northlight", "Kestrel"]
    assert names(manager, portal, q="osl") == ["Northlight"]
    assert names(manager, portal, type="msp") == ["Kestrel"]
    assert names(manager, portal, tier=str(gold.pk)) == ["Northlight"]
    assert names(manager, portal, country="NO") == ["Northlight"]
    assert names(manager, portal, status="suspended") == []
    assert "Gold" in manager.get(portal).content.decode()


def test_the_list_costs_the_same_however_long_it_is(portal, manager):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            manager.get(portal)
        return len([query for query in queries if query["sql"].startswith("SELECT")])

    manager.get(portal)
    build.partner()
    few = asked()
    for _number in range(5):
        build.partner(distributor=build.partner(type=PartnerType.DISTRIBUTOR))

    assert asked() == few


def test_a_partners_page_says_where_it_stands(portal, manager, gold):
    distributor = build.partner("Nordic Distribution", type=PartnerType.DISTRIBUTOR)
    build.partner("Below Ltd", distributor=distributor)
    build.seller(of=distributor)
    tiers.place(
        distributor, gold, starts_on=date(2025, 1, 1), reason=TierReason.EARNED, by=build.manager(), at=build.MONDAY
    )

    page = manager.get(f"{portal}{distributor.pk}/").content.decode()

    assert "Below Ltd" in page
    assert "Gold" in page
    assert f"partner={distributor.pk}" in page
    assert "Joined the program" in page
    assert "Suspend" not in page


def test_an_administrator_suspends_with_a_reason_and_restores(portal, admin):
    firm = build.partner("Northlight")
    url = f"{portal}{firm.pk}/suspension/"
    assert admin.post(url, {"reason": ""}).status_code == 422

    assert admin.post(url, {"reason": "Two invoices are unpaid."}).status_code == 302
    firm.refresh_from_db()
    assert firm.status == PartnerStatus.SUSPENDED
    page = admin.get(f"{portal}{firm.pk}/").content.decode()
    assert "Two invoices are unpaid." in page

    admin.post(f"{portal}{firm.pk}/restoration/")
    firm.refresh_from_db()
    assert firm.status == PartnerStatus.ACTIVE


def test_an_old_page_is_told_what_happened_meanwhile(portal, admin):
    firm = build.partner("Northlight")
    partners.suspend(firm, by=build.member(Role.ADMIN))

    response = admin.post(f"{portal}{firm.pk}/suspension/", {"reason": "Again"})

    assert response.status_code == 422
    assert "Northlight is Suspended by now" in response.content.decode()


def test_a_dialog_answers_with_a_fragment(portal, admin):
    firm = build.partner()

    form = admin.get(f"{portal}{firm.pk}/suspension/", HTTP_HX_REQUEST="true").content.decode()
    done = admin.post(f"{portal}{firm.pk}/suspension/", {"reason": "Unpaid"}, HTTP_HX_REQUEST="true")

    assert "<html" not in form
    assert done.headers["HX-Redirect"] == f"{portal}{firm.pk}/"


def test_a_partner_is_placed_in_a_tier_from_a_day_on(portal, manager, gold):
    firm = build.partner()
    url = f"{portal}{firm.pk}/tier/"
    asked = {"tier": str(gold.pk), "starts_on": "2026-01-01", "reason": "earned"}

    assert manager.post(url, asked).status_code == 302
    assert TierMembership.objects.get(partner=firm).tier == gold

    again = manager.post(url, asked)
    assert again.status_code == 422
    assert "starts_on" in again.context["form"].errors


def test_only_the_vendor_sees_partners_and_only_some_change_them(portal, vendor):
    firm = build.partner("Northlight")

    for role in (Role.PARTNER_ADMIN, Role.PARTNER_SALES):
        client = sign_in(build.member(role, of=firm))
        assert client.get(portal).status_code == 403
        assert client.get(f"{portal}{firm.pk}/").status_code == 403
    for role in (Role.FINANCE, Role.EXECUTIVE, Role.CHANNEL_MANAGER):
        client = sign_in(build.member(role))
        assert client.get(f"{portal}{firm.pk}/").status_code == 200
        assert client.post(f"{portal}{firm.pk}/suspension/", {"reason": "x"}).status_code == 403
        assert client.post(f"{portal}{firm.pk}/restoration/").status_code == 403
    assert sign_in(build.member(Role.FINANCE)).get(f"{portal}{firm.pk}/tier/").status_code == 403


def test_another_vendors_partner_does_not_exist(portal, admin):
    other = build.vendor()
    with as_system(other.pk):
        theirs = build.partner("Theirs")

    for path in ("", "suspension/", "tier/"):
        assert admin.get(f"{portal}{theirs.pk}/{path}").status_code == 404
    assert "Theirs" not in admin.get(portal).content.decode()


def test_people_of_a_partner_see_their_own_company(vendor, gold):
    firm = build.partner("Northlight")
    tiers.place(firm, gold, starts_on=date(2025, 1, 1), reason=TierReason.EARNED, by=build.manager(), at=build.MONDAY)
    build.partner("Kestrel")

    page = sign_in(build.seller(of=firm)).get(f"/{vendor.slug}/company/").content.decode()

    assert "You are a Gold partner since 1 January 2025." in page
    assert "Kestrel" not in page
    assert sign_in(build.manager()).get(f"/{vendor.slug}/company/").status_code == 403


def test_a_distributor_sees_those_below_it_and_they_not_it(vendor):
    distributor = build.partner("Nordic Distribution", type=PartnerType.DISTRIBUTOR)
    below = build.partner("Below Ltd", distributor=distributor)
    company = f"/{vendor.slug}/company/"

    assert "Below Ltd" in sign_in(build.seller(of=distributor)).get(company).content.decode()
    assert sign_in(build.seller(of=below)).get(company).status_code == 200


def test_the_vendor_finds_partners_in_the_palette_and_partners_do_not(vendor):
    firm = build.partner("Northlight")
    search = f"/{vendor.slug}/search/"

    assert "Northlight" in sign_in(build.manager()).get(search, {"q": "northl"}).content.decode()
    found = sign_in(build.seller(of=firm)).get(search, {"q": "northl"}, HTTP_HX_REQUEST="true").content.decode()
    assert "Northlight" not in found
    assert Partner.objects.filter(name="Northlight").exists()


def test_the_termination_says_what_ends_with_it(portal, admin):
    firm = build.partner()
    seller = build.seller(firm)
    build.approved(by=seller)
    build.submitted(by=seller)

    page = admin.get(f"{portal}{firm.pk}/termination/").content.decode()

    assert "1 protection is released." in page
    assert "1 registration that is not decided is withdrawn." in page


def test_the_page_of_a_deal_says_that_its_partner_is_suspended(vendor, manager):
    firm = build.partner("Northlight")
    deal = build.approved(by=build.seller(firm))
    partners.suspend(firm, by=build.manager(), at=build.MONDAY)

    page = manager.get(f"/{vendor.slug}/deals/{deal.pk}/").content.decode()

    assert "Northlight is suspended" in page
    assert "The protection stays and runs on." in page
