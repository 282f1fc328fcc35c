"""From an approved registration to a quote with a special discount that waits for approval."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from quotes.enums import Status
from quotes.models import QuoteRevision, ResalePrice
from tests import build
from tests.journeys.people import Keys
from tests.journeys.steps_quotes import Quoter
from tests.quotes import build as quoting

WAYS = {
    "wide": {"width": 1440},
    "narrow": {"width": 390},
    "without scripts": {"width": 1440, "java_script_enabled": False},
    "by keyboard alone": {"width": 1440, "hand": Keys()},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_registration_becomes_a_quote_with_a_special_discount(world, somebody, way):
    deal = a_deal_to_quote(world)
    seller = somebody(Quoter, world.seller, world.home, **WAYS[way])

    seller.sign_in()
    seller.quotes_the_deal(deal)
    seller.asks_for_a_discount("15", "Two rivals offer a full refresh.")
    seller.asks_an_own_price("1600")
    seller.sees("€15,891.60")  # 12 at 1,640, less 5 % for the registration, less 15 %
    seller.reads_why("5% for DR-", "15%, asked for this quote", "€1,324.30")
    seller.sends_the_quote()

    with as_system(world.vendor.pk):
        revision = QuoteRevision.objects.get()
        assert revision.status == Status.PENDING_APPROVAL
        assert revision.net_total == revision.lines.get().net_unit * 12
        assert ResalePrice.objects.get().unit_amount == 1600
    assert seller.complaints == []


def a_deal_to_quote(world) -> str:
    """An approved registration of twelve of a product that has a price, and where in the portal it is."""
    now = timezone.now()
    with as_system(world.vendor.pk):
        quoting.terms()
        edge = quoting.product("Edge 400")
        quoting.price_list({edge: 1640})
        content = build.content("edge", customer_name="Nordhavn Logistik", customer_website="nordhavn-logistik.example")
        content = replace(content, lines=[build.drafts.Line(edge.family, edge, 12)])
        draft = build.drafts.save(uuid7(), content, by=world.seller, at=now)
        submitted = build.registrations.submit(draft, content, by=world.seller, at=now)
        build.decisions.approve(submitted, by=world.manager, at=now)
        return f"deals/{submitted.pk}/"
