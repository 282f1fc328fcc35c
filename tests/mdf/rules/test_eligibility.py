"""What a fund asks of a request, condition by condition."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdf.rules import eligibility
from mdf.rules.eligibility import Asker, Condition, Fund, Plan
from prm.money import Money

TODAY = date(2026, 11, 23)
KIND, TIER = uuid4(), uuid4()
FUND = Fund(
    is_open=True,
    starts_on=date(2026, 7, 1),
    ends_on=date(2027, 6, 30),
    currency="EUR",
    lead_days=14,
    minimum=Decimal(500),
    maximum=Decimal(9000),
    tier_ids=frozenset({TIER}),
    partner_types=frozenset({"reseller"}),
    activity_type_ids=frozenset({KIND}),
)
ASKER = Asker("reseller", TIER, Decimal(5000))
PLAN = Plan(KIND, date(2026, 12, 7), date(2026, 12, 8), Decimal(1000))


def refused(fund=FUND, asker=ASKER, plan=PLAN):
    return {finding.condition for finding in eligibility.obstacles(eligibility.check(fund, asker, plan, today=TODAY))}


def test_a_plan_that_meets_everything_has_no_obstacle():
    assert refused() == set()


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"fund": replace(FUND, is_open=False)}, Condition.OPEN),
        ({"asker": replace(ASKER, type="var")}, Condition.PARTNER),
        ({"asker": replace(ASKER, tier_id=None)}, Condition.PARTNER),
        ({"asker": replace(ASKER, available=None)}, Condition.TAKES_PART),
        ({"asker": replace(ASKER, available=Decimal(999))}, Condition.COVERED),
        ({"plan": replace(PLAN, activity_type_id=uuid4())}, Condition.ACTIVITY),
        ({"plan": replace(PLAN, starts_on=date(2026, 12, 6))}, Condition.LEAD_TIME),
        ({"plan": replace(PLAN, ends_on=date(2027, 7, 1))}, Condition.PERIOD),
        ({"plan": replace(PLAN, asked=Decimal("499.99"))}, Condition.MINIMUM),
        ({"plan": replace(PLAN, asked=Decimal("9000.01"))}, Condition.MAXIMUM),
    ],
)
def test_each_condition_stands_in_the_way_by_itself(change, condition):
    assert condition in refused(**change)


def test_what_is_not_typed_yet_is_not_judged():
    assert refused(plan=Plan()) == set()


def test_obstacles_come_first():
    found = eligibility.check(FUND, ASKER, replace(PLAN, asked=Decimal(1)), today=TODAY)

    assert not found[0].holds
    assert all(finding.holds for finding in found[1:])


def test_a_fund_without_limits_is_for_everybody_and_everything():
    fund = replace(FUND, tier_ids=frozenset(), partner_types=frozenset(), activity_type_ids=frozenset())

    assert (
        refused(fund=fund, asker=Asker("isv", None, Decimal(5000)), plan=replace(PLAN, activity_type_id=uuid4()))
        == set()
    )


@given(
    st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=20),
    st.decimals("0.01", "100", places=2),
    st.sampled_from(["JPY", "EUR", "KWD"]),
)
def test_a_share_is_never_more_than_its_cost_and_rounded_to_the_currency(costs, percent, currency):
    rounded = [Money(cost, currency).rounded() for cost in costs]

    for cost, share in zip(rounded, eligibility.share_of(rounded, percent), strict=True):
        assert 0 <= share.amount <= cost.amount
        assert share == share.rounded()


def test_the_earliest_day_counts_the_notice_from_today():
    assert eligibility.earliest_start(TODAY, 14) == TODAY + timedelta(days=14)
