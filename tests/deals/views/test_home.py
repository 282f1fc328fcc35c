from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.enums import Stage
from deals.models import Registration
from deals.queries import home
from deals.services import decisions, outcomes, protection
from prm.accounts.roles import Role
from prm.money import Money
from prm.tenancy.context import acting_as
from prm.ui import navigation
from tests import build
from tests.prm.ui.test_shell import sign_in

MONDAY = build.MONDAY


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


def page_of(member, vendor):
    return sign_in(member).get(f"/{vendor.slug}/").content.decode()


def rows(member, vendor, sources):
    from prm.accounts.memberships import profile_of
    from prm.ui.home import _all

    visit = navigation.Visit(member, profile_of(vendor.pk), MONDAY)
    with acting_as(member.actor):
        return _all(sources, visit)


@pytest.fixture
def inside(vendor):
    from django.urls import set_script_prefix, set_urlconf

    set_urlconf("prm.urls_vendor")
    set_script_prefix(f"/{vendor.slug}/")
    yield vendor
    set_script_prefix("/")
    set_urlconf(None)


def titles(member, vendor):
    return [row["title"] for row in rows(member, vendor, navigation.ATTENTION)]


def figures(member, vendor):
    return {str(row["label"]): (row["figure"], row["note"]) for row in rows(member, vendor, navigation.FIGURES)}


def ends_in(deal, days):
    until = MONDAY.date() + timedelta(days=days)
    Registration.objects.filter(pk=deal.pk).update(protected_until=until)


def won(by, amount, on, currency="EUR"):
    """A deal won on a day."""
    deal = build.approved(by=by, at=on, value_currency=currency)
    return outcomes.win(deal, Money(Decimal(amount), currency), by=by, at=on)


# -- a partner's queue -------------------------------------------------------------------------------
def test_a_partner_is_told_what_waits(inside):
    seller = build.seller()
    asked = build.submitted(by=seller, customer_name="Asked Ltd")
    decisions.ask(asked, question="Which sites?", by=build.manager(), at=MONDAY)
    refused = build.submitted(by=seller, customer_name="Refused Ltd")
    decisions.reject(refused, reason_code="duplicate", note="Somebody was first.", by=build.manager(), at=MONDAY)
    ends_in(build.approved(by=seller, customer_name="Ending Ltd"), 9)
    ends_in(build.approved(by=seller, customer_name="Later Ltd"), 15)
    build.draft(by=seller, customer_name="Forgotten Ltd", at=MONDAY - timedelta(days=2))
    build.draft(by=seller, customer_name="Fresh Ltd", at=MONDAY - timedelta(hours=2))

    assert titles(seller, inside) == [
        "Asked Ltd: information was asked for",
        "Ending Ltd loses its protection on 2 December",
        "Refused Ltd was rejected",
        "The registration of Forgotten Ltd is not sent",
    ]
    assert "Four things need you today" in page_of(seller, inside)


def test_a_partner_is_asked_for_check_ins_that_are_missed_or_due_within_a_week(inside):
    seller = build.seller()
    for name, days in (("Missed Ltd", 32), ("Due Ltd", 26), ("Later Ltd", 20)):
        build.approved(by=seller, customer_name=name, at=MONDAY - timedelta(days=days))

    assert titles(seller, inside) == [
        "Missed Ltd: the check-in was due by 21 November",
        "Due Ltd: check in by 27 November",
    ]


def test_many_of_a_kind_are_one_row(inside):
    seller = build.seller()
    for _number in range(4):
        ends_in(build.approved(by=seller), 5)

    assert titles(seller, inside) == ["4 protections end"]


def test_a_rejection_of_last_month_is_old_news(inside):
    seller = build.seller()
    deal = build.submitted(by=seller, at=MONDAY - timedelta(days=30))
    decisions.reject(deal, reason_code="other", note="", by=build.manager(), at=MONDAY - timedelta(days=8))

    assert titles(seller, inside) == []


def test_nobody_is_told_of_another_partners_work(inside):
    build.draft(at=MONDAY - timedelta(days=2))
    ends_in(build.approved(), 5)

    assert titles(build.seller(), inside) == []


def test_somebody_who_sees_only_own_deals_is_not_told_of_colleagues(inside):
    firm = build.partner()
    ends_in(build.approved(by=build.seller(of=firm)), 5)

    assert titles(build.member(Role.PARTNER_SALES, of=firm, sees="own"), inside) == []
    assert len(titles(build.seller(of=firm), inside)) == 1


# -- the vendor's queue ------------------------------------------------------------------------------
def test_a_manager_is_told_what_is_late_due_and_asked_for(inside):
    build.submitted(at=MONDAY - timedelta(days=7))
    build.submitted(at=MONDAY - timedelta(days=4))
    extended = build.approved(customer_name="Globex")
    protection.ask_extension(extended, progress="Two workshops.", by=build.seller(of=extended.partner), at=MONDAY)
    lapsing = build.submitted(at=MONDAY - timedelta(days=12))
    decisions.ask(lapsing, question="?", by=build.manager(), at=MONDAY - timedelta(days=9))

    found = titles(build.manager(), inside)

    assert found[0] == "1 decision is late"
    assert found[1] == "1 decision is due today"
    assert found[2] == f"{extended.partner.name} asks for 60 more days with Globex"
    assert found[3] == "1 question lapses soon"
    assert len(found) == 4


def test_those_who_do_not_decide_have_figures_and_no_queue(inside):
    build.submitted(at=MONDAY - timedelta(days=7))

    for role in (Role.FINANCE, Role.EXECUTIVE):
        assert titles(build.member(role), inside) == []
        assert figures(build.member(role), inside)["Waiting for a decision"] == ("1", "0 due today, 1 late")


def test_promises_are_counted_from_decisions_of_ninety_days(inside):
    for days in (1, 1, 9):
        deal = build.submitted(at=MONDAY - timedelta(days=20))
        decisions.approve(deal, by=build.manager(), at=MONDAY - timedelta(days=20 - days))

    assert figures(build.manager(), inside)["Promises kept"] == ("67%", "2 of 3 decisions in time, 90 days")


# -- the figures -------------------------------------------------------------------------------------
def test_a_partners_figures_count_its_own_deals(inside):
    seller = build.seller()
    build.submitted(by=seller, value_amount=Decimal(100_000))
    ends_in(build.approved(by=seller, value_amount=Decimal(50_000)), 20)
    build.approved(value_amount=Decimal(7_000_000))
    build.draft(by=seller, value_amount=Decimal(999))
    won(seller, 30_000, MONDAY)
    outcomes.lose(build.approved(by=seller), reason_code="price", note="", by=seller, at=MONDAY)

    found = figures(seller, inside)

    assert found["Open pipeline"] == ("€150,000", "2 deals, 1 protected")
    assert found["Closed this year"] == ("€30,000", "Nothing to compare with last year")
    assert found["Win rate"] == ("50%", "1 of 2 ended in 12 months")
    assert found["Protections ending in 30 days"] == ("1", "€50,000")


def test_currencies_are_named_beside_and_never_added(inside):
    seller = build.seller()
    build.submitted(by=seller, value_amount=Decimal(100), value_currency="EUR")
    build.submitted(by=seller, value_amount=Decimal(70), value_currency="USD")

    assert figures(seller, inside)["Open pipeline"] == ("€100", "2 deals, 0 protected; besides US$70") or figures(
        seller, inside
    )["Open pipeline"] == ("€100", "2 deals, 0 protected; besides $70")


def test_this_year_is_compared_with_the_same_time_of_last_year(inside):
    seller = build.seller()
    won(seller, 124, MONDAY - timedelta(days=3))
    won(seller, 100, datetime(2025, 11, 20, tzinfo=UTC))
    won(seller, 900, datetime(2025, 12, 20, tzinfo=UTC))

    with acting_as(seller.actor):
        closed = home.closed(seller, "EUR", MONDAY.date())

    assert closed.change == 24
    assert closed.months[-1] == (date(2026, 11, 1), Money(Decimal(124), "EUR"))
    assert closed.months[0] == (date(2025, 12, 1), Money(Decimal(900), "EUR"))


def test_a_leap_day_has_a_day_a_year_before():
    assert home.months_until(date(2028, 2, 29))[0] == date(2027, 3, 1)
    assert home._year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert home._year_before(date(2029, 3, 31)) == date(2028, 3, 31)


def test_the_picture_of_closed_revenue_says_it_in_words(inside):
    seller = build.seller()
    won(seller, 168_000, datetime(2026, 10, 5, tzinfo=UTC))
    won(seller, 102_000, MONDAY)
    won(seller, 5_000, MONDAY, currency="SEK")

    page = page_of(seller, inside)

    assert "Highest in October 2026 at €168,000; November 2026 so far €102,000." in page
    assert "Show as a table" in page
    assert "SEK" in page
    assert "€273,000" not in page


# -- the page ----------------------------------------------------------------------------------------
def test_a_new_partner_reads_what_will_appear(inside):
    page = page_of(build.seller(), inside)

    assert "Your deals appear here" in page
    assert "Open pipeline" not in page


def test_somebody_in_marketing_is_not_offered_what_they_may_not_do(inside):
    page = page_of(build.member(Role.PARTNER_MARKETING), inside)

    assert "Register a deal" not in page


def test_deals_in_motion_are_open_ones(inside):
    seller = build.seller()
    build.approved(by=seller, customer_name="Open Ltd")
    lost = build.approved(by=seller, customer_name="Lost Ltd")
    outcomes.lose(lost, reason_code="price", note="", by=seller, at=MONDAY)

    with acting_as(seller.actor):
        found = home.in_motion(seller, 5)

    assert [deal.customer_name for deal in found] == ["Open Ltd"]
    assert Stage.LOST not in [deal.stage for deal in found]


@pytest.mark.parametrize("role", [Role.PARTNER_SALES, Role.CHANNEL_MANAGER])
def test_the_page_asks_the_same_number_of_questions_however_many_deals(inside, role):
    firm = build.partner()
    seller = build.seller(of=firm)
    member = seller if role == Role.PARTNER_SALES else build.manager()
    client = sign_in(member)
    counts = []
    for _round in range(2):
        for days in (3, 8):
            ends_in(build.approved(by=seller), days)
        build.submitted(by=seller)
        won(seller, 100, MONDAY)
        client.get(f"/{inside.slug}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/{inside.slug}/")
        counts.append(len([query for query in queries if query["sql"].startswith("SELECT")]))

    assert counts[0] == counts[1]
    assert counts[0] <= 25  # all four apps, and what stands around the page
