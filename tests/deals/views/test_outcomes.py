"""Ending a deal, and reopening it, in the browser's words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from deals.enums import Stage
from deals.services import decisions, outcomes, protection
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in

WON = {"amount_currency": "EUR", "amount_amount": "41,000", "closed_on": "2026-11-20", "order_reference": "PO-4711"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(seller):
    return build.approved(by=seller, at=MONDAY - timedelta(days=5))


@pytest.fixture
def browser(deal, seller):
    return signed_in(seller)


def at(browser, deal, rest="") -> str:
    return f"{browser.portal}/deals/{deal.pk}/{rest}"


def test_a_won_deal_shows_its_day_and_order(browser, deal):
    page = browser.post(at(browser, deal, "win/"), WON, follow=True).content.decode()

    assert "Deal marked won" in page
    assert "PO-4711" in page
    deal.refresh_from_db()
    assert deal.closed_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-24", "This day has not come yet."), ("2026-11-01", "This is before the deal was registered.")],
)
def test_an_order_of_another_time_is_refused_beside_the_day(browser, deal, day, said):
    answer = browser.post(at(browser, deal, "win/"), WON | {"closed_on": day})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_whoever_loses_to_a_competitor_names_it_and_is_offered_earlier_ones(browser, deal, seller):
    outcomes.lose(build.approved(by=seller), reason_code="price", note="", competitor="Initech", by=seller, at=MONDAY)
    outcomes.lose(build.approved(), reason_code="price", note="", competitor="Umbrella", by=build.seller(), at=MONDAY)

    page = browser.get(at(browser, deal, "loss/")).content.decode()
    refused = browser.post(at(browser, deal, "loss/"), {"reason_code": "competitor"})

    assert '<option value="Initech">' in page
    assert "Umbrella" not in page  # another partner's
    assert refused.status_code == 422
    assert "Name who won it." in refused.content.decode()
    browser.post(at(browser, deal, "loss/"), {"reason_code": "competitor", "competitor": "Initech"})
    assert "Lost to" in browser.get(at(browser, deal)).content.decode()


def test_a_lost_deal_is_reopened_where_it_stands_as_long_as_the_terms_let_it(browser, deal, seller):
    outcomes.lose(deal, reason_code="price", note="", by=seller, at=MONDAY)
    assert "Reopen the deal" in browser.get(at(browser, deal)).content.decode()

    with time_machine.travel(MONDAY + timedelta(days=31), tick=False):
        later = signed_in(seller)
        assert "Reopen the deal" not in later.get(at(later, deal)).content.decode()
        answer = later.post(at(later, deal, "reopening/"), {"note": "Late."})
        assert answer.status_code == 409
        assert "It could be reopened until 23 December" in answer.content.decode()

    page = browser.post(at(browser, deal, "reopening/"), {"note": "They called."}, follow=True).content.decode()
    assert "protected again until" in page
    deal.refresh_from_db()
    assert deal.stage == Stage.PROSPECT


def test_a_refused_deal_whose_customer_is_free_again_is_asked_for_in_one_click(browser, seller):
    same = {"customer_website": "globex.example", "customer_name": "Globex", "close_on": date(2027, 1, 8)}
    rival = build.seller()
    held, late = build.approved(by=rival, **same), build.submitted(by=seller, **same)
    decisions.reject(late, reason_code="duplicate", note="", by=build.manager(), at=MONDAY)
    assert "The customer is free again" not in browser.get(at(browser, late)).content.decode()

    protection.release(held, by=rival, at=MONDAY)
    page = browser.get(at(browser, late)).content.decode()
    assert "The customer is free again" in page
    assert "Ask again" in page
    answer = browser.post(at(browser, late, "again/"), {"once": "1"}, follow=True)

    assert "Asked again" in answer.content.decode()
    assert "Waiting for a decision" in answer.content.decode()
