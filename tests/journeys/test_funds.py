"""Marketing money in one story: planned, approved in part, claimed with a wrong file, cut by a line, paid, stated."""

from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from mdf.models import FundRequest
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import WAYS
from tests.journeys.steps_funds import ACTIVITY, Funder, Marketer, Payer
from tests.journeys.worlds import can_sign_in
from tests.mdf import build as mdf

CLAIM = "/claims/"


@pytest.fixture
def marketer(world):
    """Somebody in marketing at Northlight, which has a share of a fund."""
    then = timezone.now() - timedelta(days=90)
    with as_system(world.vendor.pk):
        days = {"starts_on": then.date(), "ends_on": then.date() + timedelta(days=300)}
        fund = mdf.fund(20_000, at=then, name="Spring fund", **days)
        mdf.allocation(8_000, of=fund, to=world.partner, at=then)
        return can_sign_in(build.member(Role.PARTNER_MARKETING, of=world.partner, name="Freja Dahl"))


@pytest.fixture
def finance(world):
    with as_system(world.vendor.pk):
        return can_sign_in(build.member(Role.FINANCE, name="Finn Osei"))


@pytest.fixture
def picture(tmp_path):
    """Draw a file; each color is another content."""

    def draw(name, color):
        Image.new("RGB", (60, 40), color).save(tmp_path / name)
        return tmp_path / name

    return draw


def weeks_go_by(world):
    """Let the activity have taken place two weeks ago: its days are moved, because nobody can move the clock."""
    held_on = timezone.localdate() - timedelta(days=14)
    with as_system(world.vendor.pk):
        days = {"starts_on": held_on, "ends_on": held_on, "claim_by": held_on + timedelta(days=60)}
        FundRequest.objects.update(**days)


@pytest.mark.parametrize("way", WAYS)
def test_money_goes_from_a_plan_to_the_statement(world, marketer, finance, somebody, picture, way):
    invoice, wrong, right = picture("Invoice.pdf", "white"), picture("Old.png", "red"), picture("Hall.png", "blue")
    partner = somebody(Marketer, marketer, world.home, **WAYS[way])
    manager = somebody(Funder, world.manager, world.home, **WAYS[way])
    payer = somebody(Payer, finance, world.home, **WAYS[way])
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

    weeks_go_by(world)
    partner.claims_the_costs()
    partner.fills_in("Room", "3000", "R-1")
    partner.fills_in("Gifts", "200", "R-2")
    partner.adds("invoice", invoice)
    partner.adds("photo", wrong)
    partner.submits()
    world.deliver()

    manager.is_told(f"Northlight Consulting claims €1,600 for {ACTIVITY}", leads_to=CLAIM)
    manager.opens_the_claim()
    manager.returns(wrong, "This is last year.")
    manager.asks()
    world.deliver()
    partner.is_told("A question about MC-", leads_to=CLAIM)
    partner.replaces(wrong, "photo", right)

    manager.opens_the_claim()
    manager.cuts("Gifts", "50", "Half of it was for another product.")
    manager.approves("€1,550")
    world.deliver()
    payer.sign_in()
    payer.pays("1550")
    world.deliver()

    partner.is_told("€1,550 were paid for MC-", leads_to=CLAIM)
    partner.sees("Half of it was for another product.")
    *of_claim, reserved, given_back, reserved_first, allocated = partner.reads_the_statement()
    assert sorted(of_claim) == ["Consumption", "Payment", "Release"]
    assert [reserved, given_back, reserved_first, allocated] == ["Reservation", "Release", "Reservation", "Allocation"]
    assert f"{ACTIVITY}: €1,600 are approved" in world.mail_to(marketer)
    assert partner.complaints == manager.complaints == payer.complaints == []
