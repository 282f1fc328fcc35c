"""What programs read and change of deals."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.enums import DirectStage
from deals.models import DirectOpportunity, DirectTouch
from prm.accounts.roles import Role
from tests import build
from tests.prm.api.calling import program
from tests.prm.custom_fields import asking

pytestmark = pytest.mark.django_db
DIRECTS = "direct-opportunities"
OPPORTUNITY = {
    "external_id": "crm-1",
    "customer": {"name": "Globex", "country": "DE", "website": "globex.example"},
    "title": "Edge at Globex",
    "families": ["edge"],
    "owner": "Ada Brandt",
    "opened_on": "2026-01-05",
}
TOUCH = {
    "external_id": "crm-7",
    "customer": {"name": "Globex", "country": "DE"},
    "kind": "meeting",
    "happened_on": "2026-01-05",
}


@pytest.fixture
def crm(vendor):
    return program(build.member(Role.ADMIN), Role.CHANNEL_MANAGER)


# -- the vendor's own business -----------------------------------------------------------------------------
def test_a_crm_brings_an_opportunity_which_counts_from_when_it_came(crm):
    before = timezone.now()

    answer = crm.post(DIRECTS, OPPORTUNITY)

    assert answer.status_code == 201
    told, row = answer.json(), DirectOpportunity.objects.get()
    assert (told["opened_on"], told["families"], told["customer"]["name"]) == ("2026-01-05", ["edge"], "Globex")
    assert before <= row.logged_at <= timezone.now()
    assert row.logged_by_id == crm.key.user_id


@pytest.mark.parametrize("name", [DIRECTS, "touches"])
def test_nobody_says_when_something_was_logged(crm, name):
    said = {**(OPPORTUNITY if name == DIRECTS else TOUCH), "logged_at": "2020-01-01T00:00:00Z"}

    answer = crm.post(name, said)

    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"logged_at"}


def test_what_is_sent_again_under_its_id_is_brought_up_to_date(crm):
    crm.post(DIRECTS, OPPORTUNITY)

    answer = crm.post(DIRECTS, {**OPPORTUNITY, "stage": "won"})

    assert answer.status_code == 200
    assert DirectOpportunity.objects.get().stage == DirectStage.WON


def test_a_touch_stays_as_it_was_logged(crm):
    crm.post("touches", TOUCH)
    first = DirectTouch.objects.get()

    answer = crm.post("touches", {**TOUCH, "happened_on": "2026-01-06"})

    assert (answer.status_code, answer.json()["happened_on"]) == (200, "2026-01-05")
    assert DirectTouch.objects.get().logged_at == first.logged_at


def test_an_id_that_is_another_customers_is_refused_as_on_the_page(crm):
    crm.post("touches", TOUCH)

    answer = crm.post("touches", {**TOUCH, "customer": {"name": "Initech", "country": "DE"}})

    assert (answer.status_code, answer.json()["code"]) == (409, "another_customers")
    assert "Globex" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"customer": {"country": "DE"}}, "customer.name"),
        ({"customer": {"name": "Globex", "country": "XX"}}, "customer.country"),
        ({"customer": {"name": "Globex", "country": "DE", "vat": "1"}}, "customer.vat"),
        ({"customer": "Globex"}, "customer"),
        ({"name": "Globex"}, "name"),
        ({"families": ["nothing"]}, "families"),
        ({"families": "edge"}, "families"),
        ({"opened_on": "2199-01-01"}, "opened_on"),
        ({"opened_on": 5}, "opened_on"),
        ({"owner": ""}, "owner"),
        ({"title": "Nul\0"}, "title"),
        ({"stage": "lukewarm"}, "stage"),
    ],
)
def test_what_is_not_right_is_told_at_its_field_and_nothing_is_kept(crm, change, place):
    answer = crm.post(DIRECTS, {**OPPORTUNITY, **change})

    assert answer.status_code == 422, answer.content
    assert place in answer.json()["errors"]
    assert not DirectOpportunity.objects.exists()


DEEP = "[" * 100_000
HALF_A_LETTER = r'{"\ud800": "\ud800"}'


@pytest.mark.parametrize("body", ["[1]", '"x"', "{", "", '{"a": NaN}', DEEP, '{"a":' * 100_000, HALF_A_LETTER])
def test_what_is_no_object_is_refused(crm, body):
    address = f"/{crm.vendor.slug}/api/v1/touches"
    headers = {"HTTP_AUTHORIZATION": f"Bearer {crm.secret}", "HTTP_IDEMPOTENCY_KEY": "1"}

    answer = crm.client.post(address, body, content_type="application/json", **headers)

    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_refusal_speaks_the_language_that_is_asked_for(crm):
    answer = crm.post(DIRECTS, {**OPPORTUNITY, "owner": ""}, accept_language="de")

    assert answer.json()["errors"]["owner"] == ["Dieses Feld ist zwingend erforderlich."]


# -- once ------------------------------------------------------------------------------------------------
def test_the_same_request_sent_again_is_answered_the_same_and_acts_once(crm):
    said = {**OPPORTUNITY, "external_id": ""}

    first, again = crm.post(DIRECTS, said, key="a"), crm.post(DIRECTS, said, key="a")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert DirectOpportunity.objects.count() == 1


def test_another_request_under_a_used_name_is_refused(crm):
    crm.post(DIRECTS, OPPORTUNITY, key="a")

    answer = crm.post("touches", TOUCH, key="a")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert not DirectTouch.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_request_without_a_name_changes_nothing(crm, name):
    answer = crm.post(DIRECTS, OPPORTUNITY, key=name)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not DirectOpportunity.objects.exists()


def test_a_refused_request_may_be_mended_under_its_name(crm):
    assert crm.post(DIRECTS, {**OPPORTUNITY, "owner": ""}, key="a").status_code == 422

    assert crm.post(DIRECTS, OPPORTUNITY, key="a").status_code == 201


def test_names_of_two_keys_have_nothing_to_do_with_each_other(crm, vendor):
    other = program(build.member(Role.ADMIN))
    crm.post(DIRECTS, {**OPPORTUNITY, "external_id": ""}, key="a")

    assert "Idempotent-Replayed" not in other.post(DIRECTS, {**OPPORTUNITY, "external_id": ""}, key="a").headers
    assert DirectOpportunity.objects.count() == 2


# -- changing --------------------------------------------------------------------------------------------
@pytest.fixture
def row(crm):
    return f"{DIRECTS}/{crm.post(DIRECTS, OPPORTUNITY).json()['id']}"


def test_what_is_not_sent_stays(crm, row):
    answer = crm.patch(row, {"stage": "lost"})

    assert answer.status_code == 200, answer.content
    kept = DirectOpportunity.objects.get()
    assert (kept.stage, kept.title, kept.families) == ("lost", "Edge at Globex", [build.family("edge").pk])


def test_a_change_of_what_was_not_read_is_refused(crm, row):
    answer = crm.ask("patch", row, {"stage": "lost"})

    assert (answer.status_code, answer.json()["code"]) == (428, "version_missing")


def test_a_stale_change_is_refused(crm, row):
    seen = crm.get(row).headers["ETag"]
    crm.patch(row, {"stage": "lost"}, if_match=seen)

    answer = crm.patch(row, {"title": "Mine"}, if_match=seen)

    assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    assert DirectOpportunity.objects.get().title == "Edge at Globex"


@pytest.mark.parametrize("made", ["W/{}", '"other", {}', "*"], ids=["weak", "one of several", "any"])
def test_a_tag_is_known_however_it_comes_back(crm, row, made):
    seen = crm.get(row).headers["ETag"]

    assert crm.patch(row, {"stage": "lost"}, if_match=made.format(seen)).status_code == 200


# -- lists -----------------------------------------------------------------------------------------------
def test_pages_neither_skip_nor_repeat_while_rows_come_and_change(crm):
    first = [build.submitted() for _ in range(5)]
    page = crm.get("registrations?limit=2").json()
    seen = [row["id"] for row in page["items"]]
    first[4].saved_at = build.MONDAY - timedelta(days=900)
    first[4].save()
    late = build.submitted()

    while page["next"]:
        page = crm.get(page["next"]).json()
        seen += [row["id"] for row in page["items"]]

    assert seen == [str(deal.pk) for deal in [*first, late]]


def test_a_list_is_narrowed_and_ordered_as_on_the_page(crm):
    small, large = build.submitted(value_amount=5), build.submitted(value_amount=9)
    build.submitted(customer_country="FR", value_amount=7)

    found = crm.get("registrations?country=DE&sort=-value").json()["items"]

    assert [row["id"] for row in found] == [str(large.pk), str(small.pk)]


@pytest.mark.parametrize(
    "query",
    ["colour=red", "review=perhaps", "limit=0", "limit=x", "limit=000000000199999", "sort=age", "after=nonsense"],
)
def test_a_parameter_that_means_nothing_is_refused(crm, query):
    build.submitted()

    answer = crm.get(f"registrations?{query}")

    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {query.partition("=")[0]}


def test_a_list_costs_the_same_whatever_its_length(crm):
    def costs() -> int:
        with CaptureQueriesContext(connection) as asked:
            crm.get("registrations")
        return len(asked)

    with time_machine.travel(build.MONDAY, tick=False):  # in one minute, within which requests are counted
        build.submitted()
        crm.get("registrations")
        of_one = costs()
        for _ in range(3):
            build.submitted("edge", "mesh")

        assert costs() == of_one


def test_a_registration_says_what_its_page_says(crm):
    deal = build.approved("edge", customer_name="Globex")

    told = crm.get(f"registrations/{deal.pk}").json()

    assert told["value"] == {"amount": "46200.00", "currency": "EUR"}
    assert told["lines"] == [{"family": "edge", "product": None, "quantity": None}]
    assert (told["review"], told["protection"], told["close_on"]) == ("approved", "active", "2027-02-12")
    assert told["submitted_at"] == "2026-11-23T10:00:00Z"


# -- the vendor's own fields -----------------------------------------------------------------------------
def test_custom_fields_are_told_and_changed_by_their_keys(crm):
    asking.ask("Segment", "choice", "Public", "Private")
    asking.ask("Seats", "whole")
    deal = f"registrations/{build.submitted().pk}"

    answer = crm.patch(deal, {"custom": {"segment": "public", "seats": "40"}})

    assert answer.status_code == 200, answer.content
    assert crm.get(deal).json()["custom"] == {"segment": "public", "seats": "40"}


@pytest.mark.parametrize("given", [{"segment": "nobody"}, {"unknown": "x"}, {"segment": 5}, ["segment"]])
def test_a_value_that_a_custom_field_cannot_have_is_refused(crm, given):
    asking.ask("Segment", "choice", "Public", "Private")
    deal = f"registrations/{build.submitted().pk}"

    answer = crm.patch(deal, {"custom": given})

    assert answer.status_code == 422, answer.content
    assert all(place.startswith("custom") for place in answer.json()["errors"])


def test_what_has_to_be_filled_is_not_left_empty_by_a_program(crm):
    asking.ask("Segment", is_required=True)
    asking.ask("Seats", "whole")
    deal = f"registrations/{build.submitted(custom={'segment': 'x'}).pk}"

    assert crm.patch(deal, {"custom": {"segment": None}}).json()["code"] == "custom_fields_missing"
    assert crm.get(deal).json()["custom"] == {"segment": "x"}


def test_an_internal_field_is_told_to_no_partners_program(crm):
    asking.ask("Risk", is_internal=True)
    owner = build.member(Role.PARTNER_ADMIN)
    deal = f"registrations/{build.submitted(by=owner).pk}"
    crm.patch(deal, {"custom": {"risk": "high"}})

    partners_own = program(owner)

    assert crm.get(deal).json()["custom"] == {"risk": "high"}
    assert partners_own.get(deal).json()["custom"] == {}
    assert "risk" not in partners_own.get("schema").content.decode()
    assert partners_own.patch(deal, {"custom": {"risk": "low"}}).status_code in (403, 422)
