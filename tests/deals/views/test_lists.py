"""The list of deals: what it shows, what it costs, what it exports."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.services import protection
from tests import build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def browser(vendor, seller):
    client = Client()
    client.force_login(seller.user, backend=BACKEND)
    client.get(f"/{vendor.slug}/deals/")  # the first visit of a day is written down
    return client


def queries_of(browser: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]


def test_a_list_costs_the_same_for_one_deal_and_for_thirty(browser, vendor, seller):
    build.submitted(by=seller)
    few = queries_of(browser, f"/{vendor.slug}/deals/")
    for _ in range(29):
        build.submitted("edge", "mesh", by=seller)

    many = queries_of(browser, f"/{vendor.slug}/deals/?size=50")

    assert len(many) == len(few)
    assert len(many) <= 18, "\n".join(many)


def test_filters_narrow_and_stay_in_the_address(browser, vendor, seller):
    build.submitted(by=seller, customer_name="Nordhavn Logistics")
    build.approved(by=seller, customer_name="Verdant Foods")

    page = browser.get(f"/{vendor.slug}/deals/?review=approved").content.decode()

    assert "Verdant Foods" in page
    assert "Nordhavn Logistics" not in page


def test_an_export_cannot_run_a_formula_in_a_spreadsheet(browser, vendor, seller):
    build.submitted(by=seller, customer_name='=HYPERLINK("http://evil.example")')

    answer = browser.get(f"/{vendor.slug}/deals/export/")

    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[head.index("Customer")].startswith("'=")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deals.csv"'


def test_a_colleague_who_sees_own_deals_only_finds_no_others(vendor, seller):
    firm = seller.partner_id
    theirs = build.submitted(by=seller, customer_name="Not Mine")
    narrow = build.member(build.Role.PARTNER_SALES, of=theirs.partner, sees="own")
    client = Client()
    client.force_login(narrow.user, backend=BACKEND)

    assert narrow.partner_id == firm
    assert "Not Mine" not in client.get(f"/{vendor.slug}/deals/").content.decode()
    assert client.get(f"/{vendor.slug}/deals/{theirs.pk}/").status_code == 404


def test_no_extension_is_offered_once_they_are_used_up(browser, vendor, seller):
    deal = build.approved(by=seller)
    path = f"/{vendor.slug}/deals/{deal.pk}/"
    assert "Extend protection" in browser.get(path).content.decode()

    protection.ask_extension(deal, progress="They meet on Monday.", by=seller, at=build.MONDAY)
    protection.extend(deal, by=build.manager(), at=build.MONDAY)

    page = browser.get(path).content.decode()
    assert "Extend protection" not in page
    assert "No further extension is possible." in page


def test_the_page_of_a_partner_without_deals_says_so_and_offers_no_filter_to_clear(vendor):
    client, partner = Client(), build.partner()
    client.force_login(build.manager().user, backend=BACKEND)

    part = client.get(f"/{vendor.slug}/deals/?part=1&partner={partner.pk}", headers={"HX-Request": "true"})

    assert "No deal is open." in part.content.decode()
    assert "Clear the filters" not in part.content.decode()
