"""What programs read and change of deals."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.enums import DirectStage
from deals.models import DirectOpportunity, DirectTouch, Registration
from partners.models import Partner
from prm.accounts.roles import Role
from prm.api.models import ApiAnswer
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


# -- registering -------------------------------------------------------------------------------------------
REGISTERED = {
    "customer_name": "Nordhavn Logistics",
    "customer_website": "nordhavn.example",
    "customer_country": "DK",
    "contact_name": "Ida Holm",
    "contact_email": "ida.holm@nordhavn.example",
    "type": "resale",
    "value": {"amount": "46200.00", "currency": "EUR"},
    "close_on": "2031-02-12",
    "reason_to_buy": "Their contract ends in March.",
    "lines": [{"family": "edge"}],
    "activities": [{"kind": "meeting", "held_on": "2026-11-01", "note": "With the CFO"}],
}


@pytest.fixture
def firm(vendor):
    build.family("edge")
    return build.member(Role.PARTNER_ADMIN)


@pytest.fixture
def erp(firm):
    return program(firm)


def test_a_partners_program_registers_a_deal_as_the_form_does(erp, firm):
    answer = erp.post("registrations", REGISTERED)

    assert answer.status_code == 201, answer.content
    told, deal = answer.json(), Registration.objects.get()
    assert (told["review"], told["lines"][0]["family"], told["value"]["amount"]) == ("submitted", "edge", "46200.00")
    assert (deal.partner_id, deal.owner_id) == (firm.partner_id, firm.user_id)
    assert deal.number.startswith("DR-")
    assert deal.customer_id
    assert deal.activities.get().note == "With the CFO"


def test_large_amounts_are_read_exactly(erp):
    large = REGISTERED | {"value": {"amount": "250000000", "currency": "JPY"}}

    answer = erp.post("registrations", large)

    assert answer.status_code == 201, answer.content
    assert str(Registration.objects.get().value) == "250000000 JPY"


@pytest.mark.parametrize("amount", ["1e19", "100.000000000000000000000000001", "0"])
def test_amounts_that_cannot_be_kept_are_refused(erp, amount):
    refused = erp.post("registrations", REGISTERED | {"value": {"amount": amount, "currency": "EUR"}})

    assert refused.status_code == 422, refused.content
    assert not Registration.objects.exists()


def test_a_product_family_is_registered_once_however_often_it_is_named(erp):
    answer = erp.post("registrations", REGISTERED | {"lines": [{"family": "edge"}, {"family": "edge"}]})

    assert answer.status_code == 201, answer.content
    assert Registration.objects.get().lines.count() == 1


def test_a_registration_sent_twice_under_one_name_registers_once(erp):
    first, again = (erp.post("registrations", REGISTERED, key="r-1") for _ in range(2))

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Registration.objects.count() == 1


def test_names_of_two_partners_requests_have_nothing_to_do_with_each_other(erp):
    other = program(build.member(Role.PARTNER_ADMIN, of=build.partner()))
    erp.post("registrations", REGISTERED, key="r-1")

    answer = other.post("registrations", REGISTERED, key="r-1")

    assert (answer.status_code, "Idempotent-Replayed" in answer.headers) == (201, False)
    assert {row.partner_path for row in ApiAnswer.objects.all()} == {erp.key.partner_path, other.key.partner_path}


def test_a_rival_is_told_of_as_masked_as_beside_the_form(erp):
    rival = build.partner("Ostwerk Secret")
    build.approved("edge", by=build.member(Role.PARTNER_ADMIN, of=rival), customer_name="Nordhavn Logistics",
                   customer_website="nordhavn.example", customer_country="DK")  # fmt: skip

    answer = erp.post("registrations", REGISTERED)

    check = answer.json()["check"]
    assert (check["verdict"], "domain" in check["reasons"], check["is_own"]) == ("taken", True, False)
    assert "Ostwerk" not in answer.content.decode()


def test_a_free_customer_is_said_to_be_free(erp):
    check = erp.post("registrations", REGISTERED).json()["check"]

    assert (check["verdict"], check["reasons"], check["is_own"], check["looks_alike"]) == ("free", [], False, False)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"customer_name": ""}, "customer_name"),
        ({"customer_name": "??"}, "customer_name"),
        ({"customer_name": "x" * 201}, "customer_name"),
        ({"customer_website": "nordhavn"}, "customer_website"),
        ({"customer_country": "XX"}, "customer_country"),
        ({"type": "gift"}, "type"),
        ({"value": None}, "value"),
        ({"value": {"amount": "1.001", "currency": "EUR"}}, "value"),
        ({"value": {"amount": "NaN", "currency": "EUR"}}, "value"),
        ({"value": 5}, "value"),
        ({"close_on": "2020-01-01"}, "close_on"),
        ({"owner": "nobody@example.com"}, "owner"),
        ({"owner_id": "x"}, "owner_id"),
        ({"distributor": "x"}, "distributor"),
        ({"lines": []}, "lines"),
        ({"lines": None}, "lines"),
        ({"lines": "edge"}, "lines"),
        ({"lines": ["edge"]}, "lines"),
        ({"lines": [{"family": "edge"}] * 21}, "lines"),
        ({"lines": [{"family": "edge"}, {}]}, "lines.1.family"),
        ({"lines": [{"family": "nothing"}]}, "lines.0.family"),
        ({"lines": [{"family": "edge", "product": "none"}]}, "lines.0.product"),
        ({"lines": [{"family": "edge", "quantity": "3"}]}, "lines.0.quantity"),
        ({"lines": [{"family": "edge", "price": 3}]}, "lines.0.price"),
        ({"activities": [{"kind": "dance", "held_on": "2026-11-01"}]}, "activities.0.kind"),
        ({"activities": [{"kind": "meeting"}]}, "activities.0.held_on"),
        ({"activities": [{"kind": "meeting", "held_on": "2199-11-01"}]}, "activities.0.held_on"),
        ({"submitted_at": "2020-01-01T00:00:00Z"}, "submitted_at"),
        ({"custom": {"unknown": "x"}}, "custom.unknown"),
    ],
)
def test_what_is_wrong_with_a_registration_is_told_at_its_field_and_nothing_is_kept(erp, change, place):
    answer = erp.post("registrations", {**REGISTERED, **change})

    assert answer.status_code == 422, answer.content
    assert place in answer.json()["errors"], answer.content
    assert not Registration.objects.exists()


def test_the_vendors_own_fields_are_asked_of_programs_too(erp):
    asking.ask("Segment", "choice", "Public", "Private", is_required=True)

    assert erp.post("registrations", REGISTERED).json()["code"] == "custom_fields_missing"
    assert not Registration.objects.exists()
    answer = erp.post("registrations", {**REGISTERED, "custom": {"segment": "public"}})
    assert answer.json()["custom"] == {"segment": "public"}


def test_a_colleague_may_be_named_to_look_after_it(erp, firm):
    colleague = build.member(Role.PARTNER_SALES, of=Partner.objects.get(pk=firm.partner_id))

    erp.post("registrations", {**REGISTERED, "owner": colleague.user.email.upper()})

    assert Registration.objects.get().owner_id == colleague.user_id


@pytest.mark.parametrize("scopes", [["deals:read"], ["quotes:write"]])
def test_a_key_registers_only_with_the_scope_to_write_deals(firm, scopes):
    assert program(firm, scopes=scopes).post("registrations", REGISTERED).json()["code"] == "scope_missing"


def test_the_vendors_programs_and_marketing_register_nothing(crm, firm):
    marketing = program(firm, Role.PARTNER_MARKETING)

    assert crm.post("registrations", REGISTERED).status_code == 403
    assert marketing.post("registrations", REGISTERED).status_code == 403


# -- what is done with a deal ------------------------------------------------------------------------------
def test_a_program_withdraws_what_waits(erp, firm):
    deal = build.submitted("edge", by=firm)

    answer = erp.post(f"registrations/{deal.pk}/withdrawal", {"note": "Not now"})

    assert (answer.status_code, answer.json()["review"]) == (200, "withdrawn"), answer.content


def test_a_program_goes_on_with_a_deal_until_it_is_won(erp, firm):
    deal = build.approved("edge", by=firm)
    address = f"registrations/{deal.pk}"

    stage = erp.post(f"{address}/stage", {"stage": "committed"})
    today = timezone.now().date().isoformat()
    said = {"amount": {"amount": "50000", "currency": "EUR"}, "closed_on": today, "order_reference": "PO-1"}
    won = erp.post(f"{address}/win", said, key="won")
    again = erp.post(f"{address}/win", said, key="won")
    back = erp.post(f"{address}/reopening", {})

    assert stage.json()["stage"] == "committed", stage.content
    assert (won.json()["stage"], won.json()["value"]["amount"]) == ("won", "50000.00"), won.content
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert back.json()["stage"] == "committed", back.content


def test_a_deal_is_not_won_in_another_currency_than_was_agreed(erp, firm):
    deal = build.approved("edge", by=firm)
    today = timezone.now().date().isoformat()

    said = {"amount": {"amount": "50000", "currency": "USD"}, "closed_on": today}
    answer = erp.post(f"registrations/{deal.pk}/win", said)

    assert set(answer.json()["errors"]) == {"amount"}
    deal.refresh_from_db()
    assert deal.stage != "won"


def test_a_program_loses_and_releases(erp, firm):
    lost, released = build.approved("edge", by=firm), build.approved("edge", by=firm)

    loss = erp.post(f"registrations/{lost.pk}/loss", {"reason_code": "competitor"})
    assert set(loss.json()["errors"]) == {"competitor"}
    loss = erp.post(f"registrations/{lost.pk}/loss", {"reason_code": "competitor", "competitor": "Initech"})
    assert (loss.json()["stage"], loss.json()["competitor"]) == ("lost", "Initech")
    assert erp.post(f"registrations/{released.pk}/release", {}).json()["protection"] == "released"


def test_what_cannot_be_done_now_is_refused_as_on_the_page(erp, firm):
    deal = build.submitted("edge", by=firm)

    for act, said in (("release", {}), ("stage", {"stage": "committed"}), ("reopening", {})):
        answer = erp.post(f"registrations/{deal.pk}/{act}", said)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_possible"), answer.content


def test_what_is_not_asked_for_is_refused(erp, firm):
    deal = build.submitted("edge", by=firm)

    answer = erp.post(f"registrations/{deal.pk}/withdrawal", {"is_terminated": True, "by": "x"})

    assert set(answer.json()["errors"]) == {"is_terminated", "by"}


def test_a_distributor_does_nothing_with_the_deals_of_its_resellers(vendor):
    above = build.partner("Top", type="distributor")
    seller = build.member(Role.PARTNER_ADMIN, of=build.partner("Below", distributor=above))
    deal = build.submitted("edge", by=seller)
    distributor = program(build.member(Role.PARTNER_ADMIN, of=above))

    assert distributor.get(f"registrations/{deal.pk}").status_code == 200
    assert distributor.post(f"registrations/{deal.pk}/withdrawal", {}).status_code == 404


def test_an_act_needs_a_name_of_its_request_and_knows_no_other_way(erp, firm):
    deal = build.submitted("edge", by=firm)

    assert erp.ask("post", f"registrations/{deal.pk}/withdrawal", {}).json()["code"] == "idempotency_key_missing"
    assert erp.get(f"registrations/{deal.pk}/withdrawal").status_code == 405
