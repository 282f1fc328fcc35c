from datetime import date, timedelta
from decimal import Decimal

import pytest

from deals.services import outcomes
from partners.enums import Metric
from partners.models import Achievement, Confirmation
from partners.queries import records
from partners.services import achievements
from prm.events import outbox
from prm.money import Money
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once

DAY = MONDAY.date()


def euros(amount):
    return Money(Decimal(amount), "EUR")


def test_crediting_a_source_twice_counts_it_once(vendor):
    firm, source = build.partner(), build.family()

    first = achievements.credit(firm, Metric.REVENUE, euros(100), on=DAY, source=source, at=MONDAY)
    again = achievements.credit(firm, Metric.REVENUE, euros(100), on=DAY, source=source, at=MONDAY)

    assert (first, again) == (True, False)
    assert [row.money for row in Achievement.objects.filter(partner=firm)] == [euros(100)]


def test_eight_workers_crediting_at_once_count_it_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        firm, source = build.partner(), build.family()

    def credit():
        with as_system(vendor.pk):
            return achievements.credit(firm, Metric.WON_DEALS, 1, on=DAY, source=source, at=MONDAY)

    answers = at_once([credit] * 8)

    assert sorted(answers) == [False] * 7 + [True]


def test_what_is_taken_back_is_a_negative_row_and_taken_back_once(vendor):
    firm, source = build.partner(), build.family()
    achievements.credit(firm, Metric.REVENUE, euros(100), on=DAY, source=source, families=["edge"], at=MONDAY)

    assert achievements.reverse(source, on=DAY + timedelta(days=3), at=MONDAY) == 1
    assert achievements.reverse(source, on=DAY + timedelta(days=3), at=MONDAY) == 0

    rows = Achievement.objects.filter(partner=firm).order_by("on")
    assert [(row.amount, row.families) for row in rows] == [(100, ["edge"]), (-100, ["edge"])]


def test_revenue_is_money_and_nothing_else_is(vendor):
    with pytest.raises(TypeError):
        achievements.credit(build.partner(), Metric.REVENUE, 5, on=DAY, source=build.family(), at=MONDAY)
    with pytest.raises(TypeError):
        achievements.credit(build.partner(), Metric.WON_DEALS, euros(5), on=DAY, source=build.family(), at=MONDAY)


def test_a_won_deal_counts_its_revenue_by_family_itself_and_its_approval(vendor):
    seller = build.seller()
    deal = build.approved("edge", "mesh", by=seller)
    outcomes.win(deal, euros(1001), by=seller, at=MONDAY)

    outbox.deliver_due(vendor.pk, now=lambda: build_later())

    found = records.record_of(deal.partner).entries
    revenue = [entry for entry in found if entry.metric == Metric.REVENUE]
    assert sum(entry.amount for entry in revenue) == 1001
    assert {entry.families for entry in revenue} == {
        (str(build.family("edge").pk),),
        (str(build.family("mesh").pk),),
    }
    counted = sorted(str(entry.metric) for entry in found if entry.metric != Metric.REVENUE)
    assert counted == ["registrations", "won_deals"]


def build_later():
    from django.utils import timezone

    return timezone.now() + outbox.UNDO_TIME


def test_a_decision_that_is_undone_counts_nothing(vendor):
    manager = build.manager()
    deal = build.decisions.approve(build.submitted(), by=manager, at=MONDAY)
    build.decisions.undo(deal, by=manager, at=MONDAY)

    outbox.deliver_due(vendor.pk, now=lambda: build_later())

    assert Achievement.objects.count() == 0


def test_a_figure_of_the_future_is_not_recorded(vendor):
    with pytest.raises(achievements.InTheFuture):
        achievements.record_figure(
            build.partner(), "Score", Decimal(70), on=DAY + timedelta(days=1), by=build.manager(), at=MONDAY
        )


def test_a_confirmation_replaces_the_one_before_and_is_taken_back(vendor):
    firm, manager = build.partner(), build.manager()
    later = MONDAY + timedelta(days=10)
    achievements.confirm(firm, "Business plan", ends_on=None, by=manager, at=MONDAY)
    achievements.confirm(firm, "business  plan", ends_on=date(2027, 3, 31), by=manager, at=later)

    assert achievements.unconfirm(firm, "Business plan", by=manager, at=later + timedelta(days=1))

    ends = Confirmation.objects.filter(partner=firm).order_by("starts_on").values_list("ends_on", flat=True)
    assert list(ends) == [later.date() - timedelta(days=1), later.date()]
