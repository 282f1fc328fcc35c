"""Changing facts on the pages: what the partner types, and what the vendor reads and decides."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deals.enums import AmendmentStatus
from deals.forms.registrations import typed_from
from deals.models import Amendment
from deals.services import amendments
from deals.services.amendments import AmendmentOver, AmendmentUnfit, AmendmentWaits, FixedInCase, NothingAmended
from deals.services.moves import NotPossible
from partners.enums import PartnerType
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.files.models import File
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule, when
from tests.deals.views.test_registering import signed_in

LATER = MONDAY + timedelta(days=1)


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def browser(seller):
    return signed_in(seller)


@pytest.fixture
def office(vendor):
    return signed_in(build.manager())


def typed(deal, **changes):
    form = {name: values if len(values) > 1 else values[0] for name, values in typed_from(deal).items()}
    form |= {f"{rows}-TOTAL_FORMS": "3" for rows in ("lines", "activities")}
    return form | {"lines-INITIAL_FORMS": "0", "activities-INITIAL_FORMS": "0", "version": deal.version} | changes


def send(browser, deal, **changes):
    address = f"{browser.portal}/deals/{deal.pk}/amendment/"
    return browser.post(address, typed(deal, **changes), follow=True)


def proposed(deal, by, amount=90000):
    content = build.drafts.Content({"value_amount": Decimal(amount), "value_currency": "EUR"})
    return amendments.propose(deal, content, note="They want more.", by=by, at=LATER)


def test_what_waits_for_its_decision_is_changed_and_told_beside_what_was_before(browser, seller, office):
    registration = build.submitted(by=seller, reason_to_buy="Old rack")

    page = send(browser, registration, contact_name="Jan Holm", note="A new contact.")

    assert "Facts changed" in page.text
    assert "Jan Holm" in page.text
    item = office.get(f"{office.portal}/deals/to-decide/{registration.pk}/").text
    for said in ("Changed since it was sent", "Ida Holm", "Jan Holm", "A new contact."):
        assert said in item


def test_the_page_offers_no_other_customer_and_says_so(browser, seller):
    page = browser.get(f"{browser.portal}/deals/{build.submitted(by=seller).pk}/amendment/").text

    assert 'name="customer_name"' not in page
    assert "For another customer, register another deal." in page


def test_a_larger_deal_is_sent_to_the_vendor_and_decided_in_the_inbox(browser, seller, office):
    deal = build.approved(by=seller, reason_to_buy="Old rack")

    page = send(browser, deal, value_amount="90000", note="They want more.")

    assert "Change sent to the vendor" in page.text
    assert "A change waits for a decision" in page.text
    listed = office.get(f"{office.portal}/deals/to-decide/?view=amendments")
    for said in ("Change asked for", "They want more.", "The value grows beyond what the terms allow."):
        assert said in listed.text
    deal.refresh_from_db()
    body = {"decision": "approve", "version": deal.version}
    done = office.post(f"{office.portal}/deals/{deal.pk}/amendment-decision/?view=amendments", body, follow=True)
    assert "Change approved" in done.text
    deal.refresh_from_db()
    assert deal.value.amount == 90000


def test_the_page_says_which_facts_the_rules_looked_at(browser, seller):
    publish(rule("Theirs", when("source", "is", "partner"), decision="approve"))
    deal = build.submitted(by=seller, source="partner", reason_to_buy="Old rack")

    page = browser.get(f"{browser.portal}/deals/{deal.pk}/amendment/").text

    assert "what the rules looked at: Who brought it up?" in page


def test_the_vendor_is_told_what_else_changed_and_decides_about_nothing_unseen(seller, office):
    deal = build.approved(by=seller)
    proposed(deal, seller)
    deal.refresh_from_db()
    seen = deal.version
    deal.contact_name, deal.version = "Jan Holm", seen + 1
    deal.save()

    item = office.get(f"{office.portal}/deals/to-decide/{deal.pk}/?view=amendments").text
    body = {"decision": "approve", "version": seen}
    answer = office.post(f"{office.portal}/deals/{deal.pk}/amendment-decision/", body)

    assert "Something else changed since it was proposed" in item
    assert answer.status_code == 409
    assert Amendment.objects.get().status == AmendmentStatus.PENDING


def test_a_refusal_wants_a_reason_and_the_partner_reads_it(browser, seller, office):
    deal = build.approved(by=seller)
    proposed(deal, seller)
    address = f"{office.portal}/deals/{deal.pk}/amendment-decision/"
    deal.refresh_from_db()

    assert office.post(address, {"reason_code": ""}).status_code == 422
    office.post(address, {"reason_code": "no_evidence", "note": "Show the order.", "version": deal.version})

    page = browser.get(f"{browser.portal}/deals/{deal.pk}/").text
    for said in ("Refused", "The progress is not shown", "Show the order."):
        assert said in page


def test_the_partner_takes_its_change_back(browser, seller):
    deal = build.approved(by=seller)
    made = proposed(deal, seller)
    assert "Take the change back" in browser.get(f"{browser.portal}/deals/{deal.pk}/").text

    page = browser.post(f"{browser.portal}/deals/{deal.pk}/amendment-recall/", follow=True)

    made.refresh_from_db()
    assert made.status == AmendmentStatus.RECALLED
    assert "Change taken back" in page.text


def test_a_draft_is_changed_in_its_form_and_not_as_something_sent(browser, seller):
    draft = build.draft(by=seller, reason_to_buy="Old rack")
    address = f"{browser.portal}/deals/{draft.pk}/amendment/"

    for answer in (browser.get(address), browser.post(address, typed(draft, contact_name="Jan Holm"))):
        assert answer.headers["Location"].endswith(f"/deals/{draft.pk}/form/")
    with pytest.raises(NotPossible):
        proposed(draft, seller)


def test_a_page_older_than_the_deal_shows_both_and_overwrites_nothing(browser, seller):
    deal = build.submitted(by=seller, reason_to_buy="Old rack")

    page = send(browser, deal, contact_name="Jan Holm", version=deal.version - 1)

    deal.refresh_from_db()
    assert (page.status_code, deal.contact_name) == (409, "Ida Holm")
    assert "Saved meanwhile" in page.text


def test_only_the_firm_changes_its_deal_and_only_deciders_decide(seller, office):
    deal = build.approved(by=seller)
    proposed(deal, seller)
    other, finance = signed_in(build.seller()), signed_in(build.member(Role.FINANCE))

    for address in ("amendment", "amendment-recall"):
        assert other.get(f"{other.portal}/deals/{deal.pk}/{address}/").status_code == 404
    assert finance.post(f"{finance.portal}/deals/{deal.pk}/amendment-decision/").status_code == 403
    Membership.objects.filter(pk=seller.pk).update(sees=Membership.Sees.OWN)
    assert "Changes of facts" in signed_in(seller).get(f"/{deal.tenant.slug}/deals/{deal.pk}/").text


def test_what_is_retired_from_the_catalogue_stays_registered(browser, seller):
    deal = build.submitted("edge", "mesh", by=seller, reason_to_buy="Old rack")
    family = build.family("mesh")
    family.is_active = False
    family.save()

    page = send(browser, deal, contact_name="Jan Holm")

    deal.refresh_from_db()
    assert (page.status_code, deal.contact_name) == (200, "Jan Holm")
    assert {line.family.code for line in deal.lines.all()} == {"edge", "mesh"}


def test_a_deal_whose_only_family_is_retired_or_whose_close_is_over_is_changed_still(browser, seller):
    deal = build.submitted(by=seller, reason_to_buy="Old rack", close_on=MONDAY.date())
    family = build.family()
    family.is_active = False
    family.save()

    with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
        page = send(browser, deal, contact_name="Jan Holm")
        wrong = send(browser, deal, version=deal.version + 1, close_on="2026-01-01")

    deal.refresh_from_db()
    assert (page.status_code, deal.contact_name) == (200, "Jan Holm")
    assert "The close date is in the past" in wrong.text


def test_another_distributor_is_named_like_any_other_fact(vendor):
    above = build.partner("Meridian", type=PartnerType.DISTRIBUTOR)
    seller = build.seller(of=build.partner(distributor=above))
    deal = build.submitted(by=seller, reason_to_buy="Old rack")

    page = send(signed_in(seller), deal, distributor=str(above.pk))

    deal.refresh_from_db()
    assert deal.distributor_id == above.pk
    assert "Meridian" in page.text.split('id="amendments"')[1]


def test_every_refusal_of_a_change_has_its_sentence(vendor):
    registration = build.submitted()

    for refusal in (AmendmentWaits, AmendmentOver, AmendmentUnfit, FixedInCase, NothingAmended):
        assert refusal(registration=registration).sentence.endswith(".")


def test_a_version_that_is_no_number_is_none(browser, seller):
    registration = build.submitted(by=seller, reason_to_buy="Old rack")

    page = send(browser, registration, contact_name="Jan Holm", version="²")

    assert page.status_code == 200


def test_a_file_comes_with_a_change_and_only_those_who_see_the_deal_open_it(
    browser, seller, office, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    deal = build.approved(by=seller, reason_to_buy="Old rack")

    refused = send(browser, deal, value_amount="900,000", files=[SimpleUploadedFile("run.exe", b"MZ")])
    assert (refused.status_code, Amendment.objects.count()) == (422, 0)
    letter = SimpleUploadedFile("letter.csv", b"we,choose\nyou,1\n")
    page = send(browser, deal, value_amount="900,000", files=[letter]).content.decode()

    file = File.objects.get()
    assert (file.subject_id, "letter.csv" in page) == (Amendment.objects.get().pk, True)
    inbox = office.get(f"{office.portal}/deals/to-decide/{deal.pk}/?view=amendments").content.decode()
    assert f"/files/{file.pk}" in inbox
    stranger = signed_in(build.seller())
    address = reverse("file", urlconf="prm.urls_vendor", args=[file.pk])
    assert office.get(f"{office.portal}{address}").status_code == 200
    assert stranger.get(f"{stranger.portal}{address}").status_code == 404
    removal = reverse("file-removal", urlconf="prm.urls_vendor", args=[file.pk])
    assert browser.post(f"{browser.portal}{removal}").status_code in (403, 404)
    assert File.objects.get().removed_at is None
