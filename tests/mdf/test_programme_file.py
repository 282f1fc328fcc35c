"""Funds, and rules and steps that name them and people, in the file of a vendor's programme."""

from datetime import date
from decimal import Decimal

import pytest

from mdf.enums import FundStatus
from mdf.models import FundBudget, FundProgram
from mdf.rules.catalogue import AREA
from prm.accounts.roles import Role
from prm.policies import versions
from prm.programme import exchange, yaml
from prm.tenancy.context import as_system
from tests import build
from tests.deals.rulebook import rule, when
from tests.mdf import build as mdf
from tests.mdf.rulebook import publish
from tests.prm.programme.test_exchange import TODAY, said, take, try_out

ROW = {
    "name": "Growth",
    "currency": "EUR",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "share_percent": "40",
    "activity_types": ["event"],
}


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def test_a_rule_that_names_a_fund_and_a_step_that_names_a_person_mean_the_same_at_another_vendor(admin):
    fund = mdf.fund(50_000)
    step = {"key": "she", "name": "She agrees", "asked": [{"person": str(admin.user_id)}]}
    publish(rule("Hers", when("fund", "one_of", [str(fund.pk)]), decision="person", steps=["she"]), steps=(step,))
    text = exchange.text_of(exchange.written(TODAY))
    wanted, _lines = yaml.read(text)

    other = build.vendor()
    with as_system(other.pk):
        by = build.member(Role.ADMIN)
        email = by.user.email
        wanted["rules"][AREA]["steps"][0]["asked"] = [{"person": f"people:{email}"}]
        take(by, **{name: wanted[name] for name in ("activity_types", "funds", "rules")})
        made, body = FundProgram.objects.get(name=fund.name), versions.in_force(AREA, TODAY).body
        budget = FundBudget.objects.get(fund=made).amount

    assert f"people:{admin.user.email}" in text
    assert (made.status, made.share_percent, budget) == (FundStatus.DRAFT, fund.share_percent, 0)
    assert body["rules"]["rules"][0]["when"]["value"] == [str(made.pk)]
    assert body["steps"][0]["asked"] == [{"person": str(by.user_id)}]


def test_a_step_that_names_nobody_here_is_told_where_it_is(admin):
    step = {"key": "she", "name": "She agrees", "asked": [{"person": "people:nobody@elsewhere.example"}]}

    trial = try_out(admin, rules={AREA: {"steps": [step]}})

    place = f"rules.{AREA}.steps.0.asked.0.person"
    assert said(trial) == {place: "Nobody with the address nobody@elsewhere.example works here."}


def test_a_fund_comes_in_as_a_draft_and_the_same_file_changes_nothing_more(admin):
    take(admin, funds=[ROW])

    made = FundProgram.objects.get()
    assert (made.status, made.ends_on, made.share_percent) == (FundStatus.DRAFT, date(2027, 12, 31), Decimal(40))
    assert made.lead_days == 14
    assert not try_out(admin, funds=exchange.written(TODAY)["funds"]).changes


def test_of_an_open_fund_the_currency_stays(admin):
    fund = mdf.fund(50_000)
    row = next(row for row in exchange.written(TODAY)["funds"] if row["name"] == fund.name)

    trial = try_out(admin, funds=[{**row, "currency": "USD"}])

    assert list(said(trial).values()) == ["This fund is open: not all of it can change any more."]


def test_a_fund_in_no_known_currency_or_with_limits_that_exclude_each_other_is_told_where_it_is(admin):
    limits = {"request_minimum": "500", "request_maximum": "100"}

    trial = try_out(admin, funds=[ROW, {**ROW, "name": "Wrong", "currency": "ZZZ", **limits}])

    assert said(trial) == {
        "funds.1.currency": "“ZZZ” is no currency in use.",
        "funds.1.request_maximum": "The largest request is smaller than the smallest.",
    }
