"""Defining fields on screen, filling them with a registration, and who reads them where."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.models import Registration
from prm.accounts.roles import Role
from prm.custom_fields import services
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.models import CustomField
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import when
from tests.deals.views.test_registering import send, signed_in, typed
from tests.prm.custom_fields.asking import DEALS, ask

NEW = {"options-TOTAL_FORMS": "0", "options-INITIAL_FORMS": "0", "audience": "both", "type": "text", "do": "save"}


@pytest.fixture
def admin(vendor) -> Client:
    return signed_in(build.member(Role.ADMIN))


@pytest.fixture
def seller(vendor) -> Client:
    return signed_in(build.seller())


def url(client, path=""):
    return f"{client.portal}/custom-fields/{DEALS}/{path}"


def add(admin, **said):
    return admin.post(url(admin, "new/"), NEW | said)


def registered(seller, **said):
    pk = uuid7()
    answer = send(seller, pk, **said)
    assert answer.status_code == 302, answer.content.decode()
    return Registration.objects.get(pk=pk)


# -- defining --------------------------------------------------------------------------------------------
def test_an_administrator_adds_a_field_with_choices(admin):
    choices = {"options-TOTAL_FORMS": "4", "options-0-label": "Public", "options-1-label": "Öffentlich"}
    offered = {"options-0-is_offered": "on", "options-1-is_offered": "on", "options-1-place": "1"}
    answer = add(admin, label="Sector", type="choice", help="Whose money", **(choices | offered))

    field = CustomField.objects.get()
    assert answer.headers["Location"] == url(admin, "sector/")
    assert field.options == [{"key": "oeffentlich", "label": "Öffentlich"}, {"key": "public", "label": "Public"}]
    assert "Whose money" in admin.get(url(admin, "sector/")).content.decode()


def test_more_choices_keep_what_was_typed(admin):
    page = add(
        admin, label="Sector", type="choice", do="more", **{"options-TOTAL_FORMS": "1", "options-0-label": "Public"}
    )

    assert page.status_code == 200
    assert 'value="Public"' in page.content.decode()
    assert not CustomField.objects.exists()


def test_only_what_is_chosen_from_has_rows_for_choices(admin):
    ask("Segment")
    ask("Sector", "choice", "Public")
    follow = {"HTTP_HX_REQUEST": "true"}

    rows = {path: "options-TOTAL_FORMS" in read(admin, f"custom-fields/{DEALS}/{path}/") for path in ("new", "segment")}
    assert rows == {"new": False, "segment": False}
    assert 'value="Public"' in read(admin, f"custom-fields/{DEALS}/sector/")
    chosen = admin.post(url(admin, "new/"), {"type": "choices", "do": "type"}, **follow).content.decode()
    assert "options-TOTAL_FORMS" in chosen
    assert "<h1>" not in chosen
    assert "options-0" not in admin.post(url(admin, "new/"), {"type": "day", "do": "type"}, **follow).content.decode()


def test_without_scripts_the_rows_for_choices_come_with_the_refusal(admin):
    page = admin.post(url(admin, "new/"), {"label": "Sector", "type": "choice", "audience": "both", "do": "save"})

    assert page.status_code == 422
    assert page.content.decode().count('name="options-') > 4
    assert 'value="Sector"' in page.content.decode()


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(admin):
    page = add(admin, label="Worth", key="value")

    assert page.status_code == 422
    assert page.context["form"].errors["key"]
    assert 'value="Worth"' in page.content.decode()


def test_a_page_that_is_older_than_the_field_changes_nothing(admin):
    field = ask("Segment")
    old = NEW | {"label": "Sector", "revision": str(field.revision)}
    admin.post(url(admin, "segment/"), old)
    page = admin.post(url(admin, "segment/"), old | {"label": "Industry"})

    assert page.status_code == 422
    assert "meanwhile" in page.content.decode()
    assert CustomField.objects.get().label == "Sector"


def test_fields_are_ordered_retired_and_brought_back(admin):
    for label in ("A", "B"):
        ask(label)
    admin.post(url(admin, "b/order/"), {"do": "up"})
    admin.post(url(admin, "a/retirement/"))

    page = admin.get(url(admin)).content.decode()
    assert list(CustomField.objects.order_by("position").values_list("key", flat=True)) == ["b", "a"]
    assert "Bring back" in page
    admin.post(url(admin, "a/retirement/"), {"do": "return"})
    assert "Bring back" not in admin.get(url(admin)).content.decode()


def test_a_condition_is_written_click_by_click(admin):
    ask("Segment")
    page = admin.post(
        url(admin, "segment/shown/condition/"),
        {"when-node": "group", "when-junction": "all", "do": "field:when", "revision": "1"},
    )
    assert page.status_code == 200
    assert CustomField.objects.get().shown_when is None

    typed = {"when-node": "group", "when-junction": "all", "when_0-node": "field", "when_0-subject": "type"}
    typed |= {"when_0-was": "type", "when_0-is": "is", "when_0-value": "managed", "do": "save", "revision": "1"}
    assert admin.post(url(admin, "segment/shown/condition/"), typed).status_code == 302
    assert CustomField.objects.get().shown_when == when("type", "is", "managed")
    assert "managed" in admin.get(url(admin)).content.decode().lower()


def test_a_condition_that_is_not_whole_is_not_kept(admin):
    ask("Segment")
    typed = {"when-node": "group", "when-junction": "all", "when_0-node": "field", "when_0-subject": "value"}
    typed |= {"when_0-was": "value", "when_0-is": "over", "when_0-value": "", "do": "save", "revision": "1"}
    page = admin.post(url(admin, "segment/required/condition/"), typed)

    assert page.status_code == 422
    assert CustomField.objects.get().required_when is None


def test_the_preview_keeps_nothing_and_follows_what_is_typed(admin):
    ask("Sector", "choice", "Public", "Private")
    ask("Tender", shown_when=when("custom.sector", "is", "public"), is_required=True)
    page = admin.post(url(admin, "preview/"), {"custom-sector": "public"})

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"tender"}


@pytest.mark.parametrize("path", ["", "new/", "segment/", "segment/shown/condition/", "preview/"])
def test_only_administrators_define_fields(vendor, path):
    ask("Segment")

    for client in (signed_in(build.manager()), signed_in(build.seller())):
        assert client.get(url(client, path)).status_code == 403


# -- filling ---------------------------------------------------------------------------------------------
def test_what_is_typed_is_kept_exactly_and_shown(seller):
    ask("Budget", "money")
    ask("Users", "whole", section="Size")
    registration = registered(
        seller, **{"custom-budget_currency": "EUR", "custom-budget_amount": "12,500.50", "custom-users": "1,200"}
    )

    page = seller.get(f"{seller.portal}/deals/{registration.pk}/").content.decode()
    assert registration.custom == {"budget": {"amount": "12500.50", "currency": "EUR"}, "users": "1200"}
    assert "€12,500.50" in page
    assert "1,200" in page
    assert "Size" in page


def test_without_scripts_the_answer_shows_what_became_necessary(seller):
    ask("Sector", "choice", "Public", "Private")
    ask("Tender", shown_when=when("custom.sector", "is", "public"), is_required=True)
    page = send(seller, **{"custom-sector": "public", "custom-tender": ""})

    assert page.status_code == 422
    assert page.context["form"].custom.errors.keys() == {"tender"}
    assert 'value="public" selected' in page.content.decode()
    assert registered(seller, **{"custom-sector": "private"}).review == "submitted"


def test_with_scripts_the_fields_are_drawn_anew_only_when_they_differ(seller):
    ask("Term", shown_when=when("type", "is", "managed"))
    pk, state = uuid7(), seller.get(f"{seller.portal}/deals/new/").context["form"].custom.state
    path = f"{seller.portal}/deals/{pk}/form/"
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "custom-fields"}

    assert seller.post(path, typed(**{"custom-state": state}), **asked).status_code == 204
    page = seller.post(path, typed(type="managed", **{"custom-state": state}), **asked)
    assert page.status_code == 200
    assert 'name="custom-state" value="term"' in page.content.decode()
    assert not Registration.objects.exists(), "nothing is kept by looking"


def test_a_draft_keeps_what_is_wrong_as_it_was_typed(seller):
    ask("Users", "whole")
    pk = uuid7()
    send(seller, pk, do="later", **{"custom-users": "some"})

    assert Registration.objects.get().custom == {}
    assert 'value="some"' in seller.get(f"{seller.portal}/deals/{pk}/form/").content.decode()


def test_a_value_that_is_hidden_by_now_stays(seller):
    ask("Sector", "choice", "Public", "Private")
    ask("Tender", shown_when=when("custom.sector", "is", "public"))
    pk = uuid7()
    send(seller, pk, do="later", **{"custom-sector": "public", "custom-tender": "17"})
    send(seller, pk, do="later", **{"custom-sector": "private", "custom-tender": "17"})

    assert Registration.objects.get().custom == {"sector": "private", "tender": "17"}


def test_a_forged_field_of_the_vendor_is_not_taken(seller):
    ask("Risk", is_internal=True)

    assert registered(seller, **{"custom-risk": "low"}).custom == {}


def test_the_vendor_fills_its_own_fields_on_the_record(admin, seller):
    ask("Risk", is_internal=True)
    registration = registered(seller)
    path = f"{admin.portal}/custom-fields/{DEALS}/records/{registration.pk}/"
    seen = admin.get(path).context["seen"]

    assert admin.post(path, {"custom-risk": "Nightjar", "seen": seen}).status_code == 302
    assert admin.post(path, {"custom-risk": "other", "seen": seen}).status_code == 409
    registration.refresh_from_db()
    assert registration.custom == {"risk": "Nightjar"}


def test_no_partner_reads_what_is_kept_from_partners(admin, seller):
    ask("Risk", is_internal=True)
    registration = registered(seller)
    services.answer(KINDS[DEALS], registration, {"risk": "Nightjar"}, seen={}, by=build.manager(), at=MONDAY)
    pages = [
        f"deals/{registration.pk}/",
        "deals/export/?view=all",
        "deals/?view=all",
        "search/?q=Nightj",
        "deals/new/",
    ]

    told = {path: read(admin, path) for path in pages[:2]}
    assert all("Nightjar" in text and "Risk" in text for text in told.values())
    for path in pages:
        assert "Nightjar" not in read(seller, path)
        assert "Risk" not in read(seller, path)


def test_a_page_asks_the_database_as_often_for_twenty_fields_as_for_one(admin, seller):
    ask("Users", "whole")
    registration = registered(seller, **{"custom-users": "12"})

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert "Users" in read(admin, f"deals/{registration.pk}/")
        return len(captured)

    before = [asked(), asked()][-1]
    for number in range(19):
        ask(f"More {number}")
    assert asked() == before


def read(client, path):
    return client.get(f"{client.portal}/{path}").content.decode()


def test_a_question_reopens_one_field_and_only_that_one_is_taken(admin, seller):
    ask("Users", "whole", is_required=True)
    ask("Sector", "choice", "Public", "Private")
    ask("Risk", is_internal=True)
    registration = registered(seller, **{"custom-users": "12", "custom-sector": "public"})
    path = f"deals/{registration.pk}/question/"
    assert 'value="custom.users"' in read(admin, path)
    assert 'value="custom.risk"' not in read(admin, path)
    asked = {"question": "How many?", "reopened": ["custom.users"], "version": registration.version}
    assert admin.post(f"{admin.portal}/{path}", asked).status_code == 302

    form = read(seller, f"deals/{registration.pk}/answer/")
    assert "Users" in form
    assert "Sector" not in form
    said = {"answer": "More.", "custom-users": "", "custom-sector": "private"}
    empty = seller.post(f"{seller.portal}/deals/{registration.pk}/answer/", said)
    assert empty.status_code == 422
    assert empty.context["form"].custom.errors.keys() == {"users"}
    said |= {"custom-users": "15"}
    assert seller.post(f"{seller.portal}/deals/{registration.pk}/answer/", said).status_code == 302
    registration.refresh_from_db()
    assert registration.custom == {"users": "15", "sector": "public"}


def test_the_export_has_a_column_for_each_field(admin, seller):
    ask("Sector", "choice", "Public", "Private")
    ask("Budget", "money")
    registered(seller, **{"custom-sector": "public", "custom-budget_currency": "EUR", "custom-budget_amount": "9.99"})
    head, row = csv.reader(io.StringIO(read(admin, "deals/export/?view=all").removeprefix("\ufeff")))

    assert (head[-3:], row[-3:]) == (["Sector", "Budget", "Budget (Currency)"], ["Public", "9.99", "EUR"])
