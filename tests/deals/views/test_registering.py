"""Registering a deal in the browser's words: what is typed, what is kept, what is refused and where."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from deals.enums import Review
from deals.models import Registration
from prm.accounts.models import Membership
from prm.tenancy.fields import uuid7
from tests import build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def browser(seller):
    return signed_in(seller)


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    client.portal = f"/{member.tenant.slug}"
    return client


def typed(**changes: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "customer_name": "Nordhavn Logistics",
        "customer_website": "nordhavn.example",
        "customer_country": "DK",
        "customer_city": "Copenhagen",
        "contact_name": "Ida Holm",
        "contact_email": "ida.holm@nordhavn.example",
        "families": [str(build.family("edge").pk)],
        "value_currency": "EUR",
        "value_amount": "46,200",
        "close_on": "2031-02-12",
        "type": "resale",
        "stage": "qualified",
        "reason_to_buy": "Their contract ends in March.",
        "lines-TOTAL_FORMS": "0",
        "lines-INITIAL_FORMS": "0",
        "activities-TOTAL_FORMS": "1",
        "activities-INITIAL_FORMS": "0",
        "activities-0-kind": "meeting",
        "activities-0-held_on": "2026-11-01",
        "activities-0-note": "With the CFO",
        "do": "submit",
        **changes,
    }


def send(browser: Client, pk: UUID | None = None, **changes):
    return browser.post(f"{browser.portal}/deals/{pk or uuid7()}/form/", typed(**changes))


def test_a_complete_form_becomes_a_numbered_registration(browser, seller):
    answer = send(browser)

    registration = Registration.objects.get()
    assert answer.headers["Location"] == f"{browser.portal}/deals/{registration.pk}/"
    assert registration.review == Review.SUBMITTED
    assert registration.number.startswith(f"DR-{registration.submitted_at.year}-")
    assert registration.partner_id == seller.partner_id
    assert str(registration.value) == "46200.00 EUR"
    assert registration.activities.count() == 1


def test_every_page_of_the_way_answers(browser):
    assert browser.get(f"{browser.portal}/deals/new/").status_code == 200
    send(browser)
    registration = Registration.objects.get()
    for path in ("deals/", "deals/?view=review&q=nord", f"deals/{registration.pk}/", "deals/export/"):
        assert browser.get(f"{browser.portal}/{path}").status_code == 200, path


def test_a_submit_sent_twice_registers_once(browser):
    pk = uuid7()
    first, second = send(browser, pk), send(browser, pk)

    assert first.headers["Location"] == second.headers["Location"]
    assert Registration.objects.count() == 1


def test_a_half_filled_form_is_kept_for_later(browser):
    pk = uuid7()
    send(browser, pk, do="later", contact_email="not an address", value_amount="many")

    page = browser.get(f"{browser.portal}/deals/{pk}/form/").content.decode()
    assert Registration.objects.get().review == Review.DRAFT
    assert "not an address" in page
    assert 'value="many"' in page


def test_autosave_answers_the_time_and_the_next_version(browser):
    pk = uuid7()
    answer = browser.post(f"{browser.portal}/deals/{pk}/draft/", typed(customer_name="Nord"))

    assert "Draft saved" in answer.content.decode()
    assert Registration.objects.get().customer_name == "Nord"


def test_an_older_page_does_not_overwrite_a_newer_draft(browser):
    pk = uuid7()
    browser.post(f"{browser.portal}/deals/{pk}/draft/", typed(customer_name="Nord"))
    version = str(Registration.objects.get().version)
    browser.post(f"{browser.portal}/deals/{pk}/draft/", typed(customer_name="Nordhavn", version=version))

    answer = send(browser, pk, customer_name="Old page", version=version)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nordhavn" in page
    assert "Old page" in page
    assert Registration.objects.get().customer_name == "Nordhavn"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("customer_name", "", "This field is required"),
        ("customer_name", "x" * 5000, "at most 200"),
        ("customer_name", "Nord\0havn", "Null characters"),
        ("customer_name", "Nord\u202ehavn", "cannot be seen"),
        ("customer_name", "???", "letters or digits"),
        ("customer_website", "no website", "with its ending"),
        ("customer_country", "XX", "not one of the available choices"),
        ("contact_email", "nobody", "valid email"),
        ("value_amount", "-5", "zero or more"),
        ("value_amount", "many", "in digits"),
        ("value_amount", "1.234", "decimals"),
        ("value_amount", "9" * 30, "larger than"),
        ("value_currency", "XXX", "Choose a currency"),
        ("value_currency", "DOGE", "Choose a currency"),
        ("close_on", "2020-01-01", "in the past"),
        ("close_on", "soon", "valid date"),
        ("close_on", "9999-12-31", "ten years"),
        ("families", "7", "not a valid"),
        ("families", "019a0000-0000-7000-8000-000000000000", "not one of the available choices"),
        ("stage", "won", "not one of the available choices"),
        ("activities-0-held_on", "2999-01-01", "in the future"),
        ("activities-0-kind", "", "Choose what you did"),
    ],
)
def test_bad_input_is_answered_beside_its_field_and_the_draft_survives(browser, field, value, words):
    pk = uuid7()

    answer = send(browser, pk, **{field: value})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    registration = Registration.objects.get(pk=pk)
    assert registration.review == Review.DRAFT
    assert registration.typed["contact_name"] == ["Ida Holm"]


def test_markup_in_names_is_shown_as_text(browser):
    send(browser, customer_name="<script>alert(1)</script> AG")

    page = browser.get(f"{browser.portal}/deals/{Registration.objects.get().pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_check_never_says_who_holds_a_customer(browser, vendor):
    holder = build.seller(of=build.partner("Kestrel Rival Firm"))
    build.approved("edge", by=holder, customer_website="nordhavn.example")

    answer = browser.post(f"{browser.portal}/deals/check/", {**typed(), "id": str(uuid7())})

    page = answer.content.decode()
    assert "Another partner holds this customer" in page
    assert "Edge is taken until" in page
    assert "Mesh" in page
    assert "Kestrel" not in page


def test_the_check_calms_down_whoever_asks_too_often(browser):
    answers = [browser.post(f"{browser.portal}/deals/check/", typed()) for _ in range(31)]

    assert "pausing" not in answers[29].content.decode()
    assert "pausing" in answers[30].content.decode()


def test_another_partners_id_is_not_found_and_nothing_changes(browser, vendor):
    foreign = build.draft(by=build.seller(), customer_name="Foreign")

    assert send(browser, foreign.pk).status_code == 404
    assert browser.post(f"{browser.portal}/deals/{foreign.pk}/draft/", typed()).status_code == 404
    assert browser.get(f"{browser.portal}/deals/{foreign.pk}/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.customer_name == "Foreign"


@pytest.mark.parametrize("action", ["release", "extension", "win", "loss", "reopening", "check-in"])
def test_nothing_is_done_with_a_draft_that_needs_the_vendor(browser, seller, action):
    draft = build.draft(by=seller)
    body = {"note": "No", "progress": "x", "reason_code": "price", "version": draft.version}

    answer = browser.post(f"{browser.portal}/deals/{draft.pk}/{action}/", body)

    assert answer.status_code in (404, 409, 422)
