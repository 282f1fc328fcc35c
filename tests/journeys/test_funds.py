"""Marketing money in one story: from the plan of an activity to an approval of a part of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import Keys
from tests.journeys.steps_funds import Funder, Marketer
from tests.journeys.worlds import can_sign_in
from tests.mdf import build as mdf

WAYS = {
    "wide": {"width": 1440},
    "narrow": {"width": 390},
    "wide without scripts": {"width": 1440, "java_script_enabled": False},
    "narrow without scripts": {"width": 390, "java_script_enabled": False},
    "by keyboard alone": {"width": 1440, "hand": Keys()},
}


@pytest.fixture
def marketer(world):
    """Somebody in marketing at Northlight, which has a share of a fund."""
    now = timezone.now()
    with as_system(world.vendor.pk):
        days = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=200)}
        fund = mdf.fund(20_000, at=now, name="Spring fund", **days)
        mdf.allocation(8_000, of=fund, to=world.partner, at=now)
        person = build.member(Role.PARTNER_MARKETING, of=world.partner, name="Freja Dahl")
        return can_sign_in(person)


@pytest.mark.parametrize("way", WAYS)
def test_an_activity_is_planned_and_approved_in_part(world, marketer, somebody, way):
    partner = somebody(Marketer, marketer, world.home, **WAYS[way])
    manager = somebody(Funder, world.manager, world.home, **WAYS[way])
    partner.sign_in()
    partner.sees_the_fund()
    partner.plans_an_activity()
    if partner.has_scripts:
        partner.is_told_while_typing()
    partner.is_refused_for_the_date()
    partner.corrects_the_date_and_submits()
    world.deliver()

    manager.sign_in()
    manager.finds_the_request()
    manager.approves_less_for_the_gifts()
    manager.takes_it_back()
    manager.finds_the_request()
    manager.approves_less_for_the_gifts()
    world.deliver()

    partner.finds_it_approved_in_part()
    assert partner.reads_the_statement() == ["Reservation", "Release", "Reservation", "Allocation"]
    assert world.mail_to(marketer)[-1] == "Spring roadshow: €1,600 are approved"
    assert partner.complaints == manager.complaints == []
