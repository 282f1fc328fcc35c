"""Checking in on a deal in the browser's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from deals import tasks
from deals.models import CheckIn
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule
from tests.deals.views.test_registering import signed_in

TYPED = {"stage": "qualified", "close_on": "2027-02-15", "note": "They chose us for the pilot."}


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(seller):
    return build.approved(by=seller)


@pytest.fixture
def browser(deal, seller):
    with time_machine.travel(MONDAY + timedelta(days=28), tick=False):
        yield signed_in(seller)


def at(browser, deal, rest="") -> str:
    return f"{browser.portal}/deals/{deal.pk}/{rest}"


def test_the_page_says_by_when_to_check_in_and_offers_it_first(browser, deal):
    page = browser.get(at(browser, deal)).content.decode()

    assert "Next check-in by 23 December" in page
    assert page.index("Check in</a>") < page.index("Extend protection")


def test_a_check_in_is_said_on_the_timeline(browser, deal):
    answer = browser.post(at(browser, deal, "check-in/"), TYPED, follow=True)

    page = answer.content.decode()
    assert "Checked in" in page
    assert "closes on 15 February" in page
    assert "They chose us for the pilot." in page
    assert CheckIn.objects.get(is_open=True).due_on == date(2027, 1, 20)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"close_on": "2026-12-01"}, "The close date is in the past"),
        ({"close_on": "2047-12-01"}, "more than ten years away"),
        ({"close_on": "2027-04-01"}, "The vendor decides about this date"),
        ({"note": " "}, "This field is required"),
        ({"stage": "won"}, "Select a valid choice"),
    ],
)
def test_what_is_mistaken_is_said_beside_the_field(browser, deal, changed, said):
    answer = browser.post(at(browser, deal, "check-in/"), TYPED | changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert CheckIn.objects.get().is_open


def test_a_missed_check_in_is_said_with_what_follows(browser, deal, seller):
    with time_machine.travel(MONDAY + timedelta(days=32), tick=False):
        page = browser.get(at(browser, deal)).content.decode()

    assert "It was due by 23 December." in page
    assert "Without one by 8 January 2027 the protection is released." in page


def test_the_list_of_deals_to_confirm_names_those_due_within_a_week(browser, deal, seller):
    build.approved(by=seller, at=MONDAY + timedelta(days=20), customer_name="Not yet Ltd")

    page = browser.get(f"{browser.portal}/deals/?view=confirm").content.decode()

    assert deal.customer_name in page
    assert "Not yet Ltd" not in page


def test_who_is_beside_others_finds_its_check_in_on_its_deal_at_home_and_on_the_board(browser, deal, seller):
    publish(rule("All", decision="approve", contested="second"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**same)
    second = build.submitted(by=seller, at=MONDAY + timedelta(hours=1), **same)

    page = browser.get(at(browser, second)).content.decode()
    assert "Approved as second partner" in page
    assert "Next check-in by 23 December" in page
    assert "Check in</a>" in page
    for path in ("", "deals/?view=confirm", "deals/board/"):
        assert "Globex" in browser.get(f"{browser.portal}/{path}").content.decode(), path
    answer = browser.post(at(browser, second, "check-in/"), TYPED)
    assert answer.status_code == 302
    assert CheckIn.objects.get(registration=second, is_open=False).note == TYPED["note"]


def test_a_deal_that_lost_its_place_says_why(browser, seller):
    publish(rule("All", decision="approve", contested="second"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**same)
    second = build.submitted(by=seller, at=MONDAY + timedelta(hours=1), **same)
    for count in (31, 46):
        with time_machine.travel(MONDAY + timedelta(days=count), tick=False):
            tasks.ask_for_check_ins()
            tasks.release_unconfirmed()

    assert "Approved beside others no more" in browser.get(at(browser, second)).content.decode()
