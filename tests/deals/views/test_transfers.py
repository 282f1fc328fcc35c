"""Letting a deal go to another partner, on the pages of all three."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deals.models import Registration
from deals.queries import idle
from deals.services import transfers
from deals.services.transfers import (
    AppealWaits,
    NobodySells,
    ReceiverHasIt,
    ReceiverNotActive,
    TransferOver,
    TransferWaits,
)
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.files import services as files
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def office(vendor):
    return signed_in(build.manager())


@pytest.fixture
def vos(vendor):
    firm = build.partner("Vos B.V.")
    build.member(Role.PARTNER_ADMIN, of=firm, name="Pieter Vos")
    return firm


@pytest.fixture
def deal(seller):
    return build.approved(by=seller)


def address(browser, deal, page="transfer"):
    return f"{browser.portal}/deals/{deal.pk}/{page}/"


def give(office, deal, to, **facts):
    body = {"reason_code": "firm_bought", "note": "Signed.", "version": deal.version, **facts}
    return office.post(f"{address(office, deal)}?partner={to.pk}", body, follow=True)


def test_the_vendor_finds_a_partner_and_gives_it_the_deal(office, deal, vos):
    assert "Transfer to a partner" in office.get(address(office, deal, "")[: -len("/")]).text
    listed = office.get(address(office, deal), {"q": "vos"}).text
    assert f"?partner={vos.pk}" in listed
    assert deal.partner.name not in listed.split('id="receivers"')[1]
    assert "Pieter Vos" in office.get(address(office, deal), {"partner": vos.pk}).text

    page = give(office, deal, vos)

    assert "Deal transferred to Vos B.V." in page.text
    assert "transferred the deal from" in page.text
    assert Registration.objects.get(pk=deal.pk).partner_id == vos.pk


def test_the_former_partner_finds_a_line_in_place_of_the_deal_and_not_to_whom(office, seller, deal, vos):
    give(office, deal, vos)
    browser = signed_in(seller)

    page = browser.get(f"{browser.portal}/deals/{deal.pk}/", follow=True)

    assert page.request["PATH_INFO"].endswith("/deals/transferred/")
    for said in (deal.number, deal.customer_name):
        assert said in page.text
    assert "Vos B.V." not in page.text
    assert "Transferred deals" in browser.get(f"{browser.portal}/deals/").text
    for act in ("win", "extension", "amendment", "transfer-request"):
        assert browser.post(address(browser, deal, act)).status_code == 404


def test_whoever_saw_only_own_deals_finds_only_own_lines(office, seller, deal, vos):
    give(office, deal, vos)
    colleague = build.seller(of=deal.partner)
    Membership.objects.filter(pk=colleague.pk).update(sees=Membership.Sees.OWN)

    assert deal.number not in signed_in(colleague).get(f"/{deal.tenant.slug}/deals/transferred/").text


def test_the_new_partner_reads_the_facts_and_that_it_was_given_to_it(office, deal, vos):
    give(office, deal, vos)
    admin = Membership.objects.get(partner_id=vos.pk)

    page = signed_in(admin).get(f"/{deal.tenant.slug}/deals/{deal.pk}/").text

    assert deal.customer_name in page
    assert "The vendor transferred the deal to this partner, with its protection." in page
    assert "Maja Lindqvist started the registration" not in page
    assert "Signed." not in page


def test_a_partner_asks_and_the_vendor_sees_it_where_it_decides(office, seller, deal, vos):
    browser = signed_in(seller)
    browser.post(address(browser, deal, "transfer-request"), {"firm": "Vos", "wish": "They bought us."})

    home, page = office.get(f"{office.portal}/").text, office.get(f"{office.portal}/deals/{deal.pk}/").text
    assert "asks to transfer the deal with" in home
    for said in ("The partner asks for a transfer", "“Vos”", "They bought us.", "Transfer to a partner"):
        assert said in page
    office.post(address(office, deal, "transfer-refusal"), {"reason_code": "other", "note": "Not yet."})

    page = browser.get(f"{browser.portal}/deals/{deal.pk}/").text
    assert "Not yet." in page
    assert "The partner asks for a transfer" not in page


def test_a_partner_keeps_the_deal_after_all(seller, deal):
    transfers.ask(deal, firm="Vos", wish="They bought us.", by=seller, at=MONDAY)
    browser = signed_in(seller)
    assert "Keep the deal" in browser.get(f"{browser.portal}/deals/{deal.pk}/").text

    page = browser.post(address(browser, deal, "transfer-recall"), follow=True)

    assert "The deal stays with you" in page.text


def test_partners_never_choose_among_partners(seller, deal, vos):
    browser = signed_in(seller)

    assert browser.get(address(browser, deal), {"q": "vos"}).status_code == 403
    assert "Vos B.V." not in browser.get(address(browser, deal, "transfer-request")).text


def test_a_refusal_is_said_above_the_form(office, deal, vos):
    Partner.objects.filter(pk=vos.pk).update(status="suspended")

    page = give(office, deal, vos)

    assert page.status_code == 409
    assert "Vos B.V. is no active partner" in page.text


def test_the_vendor_overrules_that_the_partner_holds_enough(office, deal, vos, monkeypatch):
    monkeypatch.setattr(idle, "hoard_of", lambda partner, at: idle.Hoard(3, 2, 30))

    page = give(office, deal, vos)
    assert page.status_code == 409
    assert "Vos B.V. has 3 protected deals that have not moved for 30 days, and the limit is 2." in page.text
    assert "Deal transferred to Vos B.V." in give(office, deal, vos, is_overruled="on").text


def test_every_refusal_of_a_transfer_has_its_sentence(deal, vos):
    for refusal in (AppealWaits, NobodySells, ReceiverHasIt, ReceiverNotActive, TransferOver, TransferWaits):
        assert refusal(registration=deal, partner=vos).sentence.endswith(".")


def test_whoever_decides_chooses_the_files_that_go_along(office, seller, vos, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    deal = build.approved(by=seller)
    address = f"{office.portal}/deals/{deal.pk}/transfer/?partner={vos.pk}"
    assert "Files that go along" not in office.get(address).content.decode()
    upload = SimpleUploadedFile("letter.csv", b"a,b\n1,2\n")
    file = files.add(upload, on=deal, by=seller, at=MONDAY)
    page = office.get(address).content.decode()
    assert "letter.csv" in page
    assert f'value="{file.pk}" checked' not in page
    said = {"reason_code": "firm_bought", "note": "Signed.", "version": deal.version}

    refused = office.post(address, said | {"files": [str(uuid7())]})
    office.post(address, said | {"files": [str(file.pk)]})

    assert refused.status_code == 422
    file.refresh_from_db()
    assert file.partner_path == vos.partner_path
