"""The second half of the story of marketing money: claimed with a wrong file, cut by a line, paid, on the statement."""

from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.steps_claims import Claimer, Decider, Payer
from tests.journeys.test_deal import WAYS
from tests.journeys.worlds import can_sign_in
from tests.mdf import build as mdf


@pytest.fixture
def marketer(world):
    with as_system(world.vendor.pk):
        return can_sign_in(build.member(Role.PARTNER_MARKETING, of=world.partner, name="Freja Dahl"))


@pytest.fixture
def finance(world):
    with as_system(world.vendor.pk):
        return can_sign_in(build.member(Role.FINANCE, name="Finn Osei"))


@pytest.fixture
def activity(world, marketer):
    """An approved activity that took place two weeks ago."""
    then = timezone.now() - timedelta(days=70)
    held_on = timezone.localdate() - timedelta(days=14)
    with as_system(world.vendor.pk):
        fund = mdf.fund(
            20_000, at=then, name="Autumn fund", starts_on=then.date(), ends_on=held_on + timedelta(days=90)
        )
        share = mdf.allocation(8_000, of=fund, to=world.partner, at=then)
        return mdf.approved(share, by=marketer, at=then, title="Hamburg roadshow", starts_on=held_on, ends_on=held_on)


def picture(folder, name, color):
    Image.new("RGB", (60, 40), color).save(folder / name)
    return folder / name


@pytest.mark.parametrize("way", WAYS)
def test_a_claim_goes_from_a_wrong_file_to_the_statement(world, marketer, finance, activity, somebody, tmp_path, way):
    invoice, wrong, right = (
        picture(tmp_path, name, color)
        for name, color in (("Invoice.pdf", "white"), ("Old.png", "red"), ("Hall.png", "blue"))
    )
    partner = somebody(Claimer, marketer, world.home, **WAYS[way])
    manager = somebody(Decider, world.manager, world.home, **WAYS[way])
    payer = somebody(Payer, finance, world.home, **WAYS[way])
    partner.sign_in()
    partner.starts_a_claim(activity.pk)
    partner.fills_in("Cost 1", "3000", "R-1")
    partner.fills_in("Cost 2", "900", "R-2")
    partner.adds("invoice", invoice)
    partner.adds("photo", wrong)
    partner.submits()
    world.deliver()

    manager.sign_in()
    manager.is_told("Northlight Consulting claims €1,950 for Hamburg roadshow")
    manager.opens("Hamburg roadshow")
    manager.returns(wrong, "This is last year.")
    manager.asks()
    world.deliver()
    partner.is_told("A question about MC-")
    partner.replaces(wrong, "photo", right)

    manager.opens("Hamburg roadshow")
    manager.cuts("Cost 2", "200", "Half of it was for another product.")
    manager.approves("€1,700")
    world.deliver()

    payer.sign_in()
    payer.pays("1700")
    world.deliver()

    partner.is_told("€1,700 were paid for MC-")
    partner.sees("Half of it was for another product.")
    partner.open(f"funds/statements/{activity.allocation_id}/")
    partner.sees("Payment", "Consumption", "Release")
    assert partner.complaints == manager.complaints == payer.complaints == []
