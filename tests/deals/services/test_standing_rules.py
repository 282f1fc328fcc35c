"""Rules about what a partner holds already, and what they give a deal beside its time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from deals.enums import DealType, Review, Source, Stage
from deals.queries import rules as rule_queries
from deals.services import check_ins, outcomes, protection
from prm.money import Money
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import every, publish, rule, when

GLOBEX = {"customer_website": "globex.example", "customer_name": "Globex"}


def days(count):
    return MONDAY + timedelta(days=count)


@pytest.fixture
def seller(vendor):
    return build.seller()


def won(by, at, *families, **facts):
    deal = build.approved(*families, by=by, at=at, **facts)
    return outcomes.win(deal, Money(Decimal(1000), "EUR"), by=by, at=at)


def earned(deal):
    return rule_queries.stipulated(deal).discount


# -- the incumbent -----------------------------------------------------------------------------------
def renewal_for_the_incumbent():
    incumbent = every(when("type", "is", "renewal"), when("partner_is_incumbent", "is", True))
    publish(rule("Renewal by the incumbent", incumbent, decision="person", discount="8"))


def renewed(by, at=MONDAY, *families):
    return build.submitted(*families, by=by, at=at, type=DealType.RENEWAL, **GLOBEX)


def test_the_partner_that_sold_last_is_the_incumbent(seller):
    renewal_for_the_incumbent()
    other = build.seller()
    won(seller, days(-30), **GLOBEX)
    assert earned(renewed(seller)) == 8

    won(other, days(-10), "mesh", **GLOBEX)  # of another product
    assert earned(renewed(seller)) == 8
    assert earned(renewed(other)) is None


def test_who_was_followed_by_another_is_no_incumbent_any_more(seller):
    renewal_for_the_incumbent()
    other = build.seller()
    won(seller, days(-30), **GLOBEX)
    won(other, days(-10), **GLOBEX)

    assert earned(renewed(seller)) is None


def test_a_sale_that_was_taken_back_makes_no_incumbent(seller):
    renewal_for_the_incumbent()
    deal = won(seller, days(-10), **GLOBEX)
    outcomes.reopen(deal, by=seller, at=days(-9))
    protection.release(deal, by=seller, at=days(-9))

    assert earned(renewed(seller)) is None


# -- what a partner holds ----------------------------------------------------------------------------
HOARD = {
    "total": "registrations",
    "how": "count",
    "where": {"all": [when("is_protected", "is", True), when("idle", "over", {"count": 60, "unit": "days"})]},
    "is": "at_least",
    "value": "2",
}


def test_who_sits_on_protected_deals_without_progress_is_refused(seller):
    publish(rule("No hoarding", HOARD, decision="refuse", reason="no_activity"))
    first = build.approved(by=seller, at=days(-70))
    build.approved(by=seller, at=days(-65))

    assert build.submitted(by=seller).review == Review.REJECTED
    check_ins.confirm(first, stage=Stage.QUALIFIED, close_on=days(15).date(), note="Met.", by=seller, at=days(-1))
    assert build.submitted(by=seller).review == Review.SUBMITTED


def test_what_was_given_up_or_is_over_is_not_held(seller):
    publish(rule("No hoarding", HOARD, decision="refuse", reason="no_activity"))
    for end in (
        lambda deal: protection.release(deal, by=seller, at=days(-5)),
        lambda deal: outcomes.lose(deal, reason_code="price", note="", by=seller, at=days(-5)),
    ):
        end(build.approved(by=seller, at=days(-70)))
    build.approved(by=seller, at=days(-70))

    assert build.submitted(by=seller).review == Review.SUBMITTED


# -- what it earns -----------------------------------------------------------------------------------
def test_a_rule_says_what_a_deal_earns_by_how_it_arose(seller):
    publish(
        rule("Found by the partner", when("source", "is", "partner"), decision="approve", discount="12.5"),
        rule("Passed on", when("source", "is", "vendor"), decision="approve", discount="10"),
    )

    found = [build.submitted(by=seller, source=source) for source in (Source.PARTNER, Source.VENDOR, Source.CUSTOMER)]

    assert [earned(deal) for deal in found] == [Decimal("12.5"), Decimal(10), None]
