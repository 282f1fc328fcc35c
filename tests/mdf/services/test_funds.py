"""Funds: set up, opened, given out, closed, and what lapses then."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from mdf.enums import FundStatus
from mdf.models import FundAllocation, FundBudget, FundProgram
from mdf.queries import ledger as balances
from mdf.services import allocations, forfeitures, funds
from mdf.services.allocations import FundNotOpen, Grant, SamePartner
from mdf.services.forfeitures import DayIsOver
from mdf.services.funds import AlreadyOver, FundChangedMeanwhile, NameTaken, NoBudget
from mdf.services.ledger import NotCovered
from prm.accounts.roles import Role
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf

SUMMER = MONDAY.replace(year=2027, month=7, day=1)


def admin():
    return build.member(Role.ADMIN)


def test_opening_puts_the_budget_into_the_ledger_and_pins_the_terms(vendor):
    fund = mdf.fund(8_000)

    money = balances.money_of(fund)
    assert (money.budget, money.unallocated, money.allocated) == (8_000, 8_000, 0)
    assert (fund.status, fund.policy is not None) == (FundStatus.OPEN, True)


def test_a_fund_without_money_or_whose_time_is_over_is_not_opened(vendor):
    with pytest.raises(NoBudget):
        funds.open_fund(mdf.draft_fund(0), by=admin(), at=MONDAY)
    with pytest.raises(AlreadyOver):
        funds.open_fund(mdf.draft_fund(ends_on=date(2026, 11, 1)), by=admin(), at=MONDAY)


def test_two_funds_have_two_names(vendor):
    mdf.draft_fund(name="Autumn")

    with pytest.raises(NameTaken):
        mdf.draft_fund(name="Autumn")


def test_an_open_fund_keeps_the_terms_partners_were_promised(vendor):
    fund = mdf.fund()
    wanted = mdf.values(name="Renamed", share_percent=Decimal(10), ends_on=date(2027, 12, 31))

    fund = funds.change(fund, wanted, Decimal(10_000), version=fund.version, by=admin(), at=MONDAY)

    assert (fund.name, fund.share_percent, fund.ends_on) == ("Renamed", 50, date(2027, 12, 31))


def test_the_budget_of_an_open_fund_shrinks_only_by_what_nobody_was_promised(vendor):
    fund = mdf.fund(10_000)
    mdf.allocation(8_000, of=fund)

    fund = funds.change(fund, {}, Decimal(9_000), version=None, by=admin(), at=MONDAY)
    assert balances.money_of(fund).unallocated == 1_000
    with pytest.raises(NotCovered):
        funds.change(fund, {}, Decimal(7_999), version=None, by=admin(), at=MONDAY)


def test_a_stale_edit_of_a_fund_is_refused(vendor):
    fund = mdf.draft_fund()
    funds.change(fund, {"name": "First"}, Decimal(1), version=fund.version, by=admin(), at=MONDAY)

    with pytest.raises(FundChangedMeanwhile):
        funds.change(fund, {"name": "Second"}, Decimal(2), version=fund.version, by=admin(), at=MONDAY)


def test_partners_get_all_of_an_allocation_or_nobody_anything(vendor):
    fund = mdf.fund(10_000)
    grants = [Grant(build.partner(), Decimal(6_000)) for _ in range(2)]

    with pytest.raises(NotCovered) as refused:
        allocations.allocate(fund, grants, source=uuid4(), by=admin(), at=MONDAY)

    assert refused.value.facts["held"].amount == 4_000
    assert FundAllocation.objects.count() == 0


def test_the_same_allocation_sent_twice_gives_once(vendor):
    fund, source = mdf.fund(10_000), uuid4()
    grants = [Grant(build.partner(), Decimal(1_000))]

    for _ in range(2):
        made = allocations.allocate(fund, grants, source=source, by=admin(), at=MONDAY)

    assert mdf.held(made[0]).available == 1_000


def test_a_draft_gives_nothing_out(vendor):
    with pytest.raises(FundNotOpen):
        allocations.allocate(
            mdf.draft_fund(), [Grant(build.partner(), Decimal(1))], source=uuid4(), by=admin(), at=MONDAY
        )


def test_an_adjustment_takes_back_only_what_is_not_used(vendor):
    share = mdf.allocation(5_000)
    mdf.approved(share)
    facts = {"note": "Budget cut", "source": uuid4(), "by": admin(), "at": MONDAY}

    with pytest.raises(NotCovered):
        allocations.adjust(share, Decimal(-3_001), **facts)
    allocations.adjust(share, Decimal(-3_000), **facts)

    assert mdf.held(share).available == 0


def test_money_moves_between_partners_and_the_fund_stays_the_same(vendor):
    share, other = mdf.allocation(5_000), build.partner()
    facts = {"note": "", "by": admin(), "at": MONDAY}

    target = allocations.transfer(share, other, Decimal(1_200), source=uuid4(), **facts)

    assert (mdf.held(share).available, mdf.held(target).available) == (3_800, 1_200)
    assert balances.money_of(share.fund).allocated == 5_000
    with pytest.raises(SamePartner):
        allocations.transfer(share, share.partner, Decimal(1), source=uuid4(), **facts)


def test_after_its_last_day_a_fund_closes_and_what_is_left_lapses_once(vendor):
    share = mdf.allocation(5_000)
    mdf.approved(share)

    assert funds.close_ended(share.fund, at=SUMMER - timedelta(days=1)) is False
    assert funds.close_ended(share.fund, at=SUMMER) is True
    assert funds.close_ended(share.fund, at=SUMMER) is False
    assert forfeitures.forfeit(share, at=SUMMER) is False

    held = mdf.held(share)
    assert (held.available, held.reserved, held.forfeited) == (0, 2_000, 3_000)


def test_what_was_asked_for_in_time_stays_until_it_is_decided(vendor):
    share = mdf.allocation(5_000)
    mdf.submitted(share)

    funds.close(share.fund, by=admin(), at=MONDAY)

    assert (mdf.held(share).available, mdf.held(share).forfeited) == (2_000, 3_000)


def test_lapsed_money_comes_back_until_a_day_and_lapses_again_after_it(vendor):
    share = mdf.allocation(5_000)
    funds.close_ended(share.fund, at=SUMMER)
    until = date(2027, 8, 31)
    facts = {"note": "Fair postponed", "by": admin(), "at": SUMMER}

    with pytest.raises(DayIsOver):
        forfeitures.reinstate(share, Decimal(1), until=date(2027, 6, 30), source=uuid4(), **facts)
    share = forfeitures.reinstate(share, Decimal(1_000), until=until, source=uuid4(), **facts)
    assert forfeitures.forfeit(share, at=SUMMER + timedelta(days=60)) is False
    assert mdf.held(share).available == 1_000

    request = mdf.submitted(share, costs=(600,), at=SUMMER, starts_on=date(2027, 8, 1), ends_on=date(2027, 8, 2))
    assert request.asked_amount == 300

    assert forfeitures.forfeit(share, at=SUMMER + timedelta(days=62)) is True
    assert (mdf.held(share).available, mdf.held(share).forfeited) == (300, 4_700)


def test_each_mark_of_the_terms_reminds_of_what_lapses_once(vendor):
    share = mdf.allocation(5_000)
    days = [SUMMER - timedelta(days=left) for left in (40, 31, 30, 15, 8, 2)]

    sent = [forfeitures.remind(share, at=at) for at in days]

    assert sent == [False, True, False, True, True, True]


def test_partners_see_the_terms_of_a_fund_but_not_its_budget(vendor):

    share = mdf.allocation()
    assert FundBudget.objects.count() == 1

    with acting_as(mdf.marketer(share.partner).actor):
        assert FundProgram.objects.count() == 1
        assert FundBudget.objects.count() == 0
