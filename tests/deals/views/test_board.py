"""Deals in columns by stage, and as a month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.enums import Stage
from deals.models import Registration
from deals.queries import board as queries
from deals.services import outcomes, protection
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def browser(seller):
    return signed_in(seller)


def page(browser, rest) -> str:
    return browser.get(f"{browser.portal}/deals/{rest}").content.decode()


def columns(rows=None, shown=None):
    stages = (Stage.PROSPECT, Stage.QUALIFIED)
    return queries.columns(Registration.objects.all() if rows is None else rows, stages, shown or {})


def test_a_column_counts_and_sums_all_its_deals_and_shows_the_latest(seller):
    for number in range(12):
        build.approved(by=seller, value_amount=Decimal(100), at=MONDAY - timedelta(hours=number))
    build.approved(by=seller, value_amount=Decimal(7), value_currency="USD", at=MONDAY - timedelta(days=1))

    first, second = columns()

    assert (first.count, len(first.deals), first.left) == (13, 10, 3)
    assert [(money.amount, money.currency) for money in first.sums] == [(1200, "EUR"), (7, "USD")]
    assert first.deals[0].saved_at == MONDAY
    assert (second.count, second.deals, second.sums) == (0, (), ())
    assert len(columns(shown={"prospect": 20})[0].deals) == 13


def test_a_board_asks_the_same_number_of_questions_however_many_deals(seller, browser):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries_asked:
            page(browser, "board/")
        return len(queries_asked)

    build.approved(by=seller)
    asked()
    before = asked()
    for _number in range(4):
        build.approved("edge", "mesh", by=seller)

    assert asked() == before


def test_a_card_says_what_comes_next(seller):
    today = MONDAY.date()
    waiting, closing = build.submitted(by=seller), build.approved(by=seller)
    overdue = build.approved(by=seller)
    overdue.close_on = date(2026, 11, 1)
    alive = build.approved(by=seller, at=MONDAY - timedelta(days=25))
    by_id = {deal.pk: deal for deal in columns()[0].deals}

    steps = [queries.next_step(by_id.get(deal.pk, deal), today).code for deal in (waiting, closing, alive)]
    assert steps == ["decision", "close", "check_in"]
    assert queries.next_step(overdue, today).is_urgent


def test_a_card_is_moved_and_the_board_stays_as_it_was(seller, browser):
    deal = build.approved(by=seller)
    facts = {"stage": "committed", "query": "view=open&country=DE"}

    answer = browser.post(f"{browser.portal}/deals/{deal.pk}/move/", facts)

    assert answer.url == f"{browser.portal}/deals/board/?view=open&country=DE"
    deal.refresh_from_db()
    assert deal.stage == Stage.COMMITTED
    assert Event.objects.filter(name="deals.stage.changed").count() == 1


def test_what_is_over_cannot_be_moved(seller, browser):
    deal = build.approved(by=seller)
    outcomes.lose(deal, reason_code="price", note="", by=seller, at=MONDAY)

    answer = browser.post(f"{browser.portal}/deals/{deal.pk}/move/", {"stage": "committed"}, follow=True)

    assert answer.status_code == 200
    deal.refresh_from_db()
    assert deal.stage == Stage.LOST


def test_a_partner_sees_cards_of_its_own_deals_only_and_the_vendor_moves_none(seller, browser):
    mine, other = build.approved(by=seller, customer_name="Mine Ltd"), build.approved(customer_name="Other Ltd")

    assert "Mine Ltd" in (found := page(browser, "board/"))
    assert other.customer_name not in found
    vendors = page(signed_in(build.manager()), "board/")
    assert "Mine Ltd" in vendors
    assert "Other Ltd" in vendors
    assert "/move/" in found
    assert "/move/" not in vendors
    assert mine.pk


def test_the_filters_of_the_list_hold_on_the_board_and_in_the_month(seller, browser):
    build.approved(by=seller, customer_name="German Ltd", close_on=date(2026, 12, 4))
    build.approved(by=seller, customer_name="Danish Ltd", customer_country="DK", close_on=date(2026, 12, 4))

    for look in ("board/?country=DK", "calendar/?country=DK&month=2026-12"):
        found = page(browser, look)
        assert "Danish Ltd" in found
        assert "German Ltd" not in found


def test_a_month_says_when_deals_close_end_and_have_to_be_confirmed(seller):
    deal = build.approved(by=seller, close_on=date(2026, 12, 4))

    def codes(first):
        days = queries.month(Registration.objects.all(), first)
        return [(day.on, entry.code) for day in days if day.is_in_month for entry in day.entries]

    assert codes(date(2026, 12, 1)) == [(date(2026, 12, 4), "close"), (date(2026, 12, 23), "check_in")]
    assert codes(date(2027, 2, 1)) == [(deal.protected_until, "ends")]
    protection.release(deal, by=seller, at=MONDAY)
    assert codes(date(2027, 2, 1)) == []


def test_a_month_is_whole_weeks_from_monday(vendor):
    days = queries.month(Registration.objects.all(), date(2026, 12, 1))

    assert (days[0].on, days[-1].on) == (date(2026, 11, 30), date(2027, 1, 3))


@pytest.mark.parametrize("asked", ["", "2026-13", "nonsense", "9999-01"])
def test_a_month_that_there_is_not_is_this_one(browser, asked):
    assert "November 2026" in page(browser, f"calendar/?month={asked}")
