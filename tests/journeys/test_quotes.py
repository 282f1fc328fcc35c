"""From an approved registration to an order: a quote with a special discount, which the customer accepts on a phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deals.enums import Stage
from deals.models import Registration
from prm.documents.models import Document, PrivateDocument
from prm.notifications.models import MailMessage
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from quotes.enums import Status
from quotes.models import Order, QuoteRevision, ResalePrice
from tests import browser as looks
from tests import build
from tests.journeys.people import WAYS, Person
from tests.journeys.steps_quotes import Approver, Customer, Offerer
from tests.quotes import build as quoting

IDA = "ida@nordhavn-logistik.example"


@pytest.mark.parametrize("way", WAYS)
def test_a_registration_becomes_a_quote_and_an_order(world, somebody, way):
    deal = a_deal_to_quote(world)
    seller = somebody(Offerer, world.seller, world.home, **WAYS[way])
    manager = somebody(Approver, world.manager, world.home, **WAYS[way])

    seller.sign_in()
    seller.quotes_the_deal(f"deals/{deal.pk}/")
    seller.asks_for_a_discount("15", "Two rivals offer a full refresh.")
    seller.asks_an_own_price("1600")
    seller.reads_why("5% for DR-", "15%, asked for this quote")
    seller.sends_the_quote()
    revision = the_quote(world)
    world.deliver()

    manager.sign_in()
    manager.finds_the_quote("Nordhavn Logistik")
    manager.approves_it()
    manager.takes_it_back()
    manager.approves_it()
    world.deliver()

    seller.open(f"quotes/{revision.quote_id}/")
    seller.issues()
    seller.sends_it(IDA)
    world.deliver()

    customer = somebody(Customer, world.seller, world.home, **(WAYS[way] | {"width": 390}))
    customer.page.goto(link_in_the_mail(IDA))
    customer.reads("€19,200.00")
    assert barriers(customer) == []
    customer.accepts("Ida Holm", "PO 4711")
    world.deliver()

    seller.wins_with_the_orders_amount("Nordhavn Logistik")
    with as_system(world.vendor.pk):
        order = Order.objects.get()
        revision.refresh_from_db()
        deal.refresh_from_db()
        assert (order.purchase_order, revision.status) == ("PO 4711", Status.ACCEPTED)
        assert order.net_total == revision.net_total == revision.lines.get().net_unit * 12
        assert ResalePrice.objects.get().unit_amount == 1600
        assert Document.objects.get(pk=revision.document_id).is_ready
        assert PrivateDocument.objects.get(pk=revision.resale_document_id).is_ready
        assert (deal.stage, deal.value_amount) == (Stage.WON, order.net_total)
    assert seller.complaints == manager.complaints == customer.complaints == []


def a_deal_to_quote(world) -> Registration:
    """An approved registration of twelve of a product that has a price."""
    now = timezone.now()
    with as_system(world.vendor.pk):
        quoting.terms()
        edge = quoting.product("Edge 400")
        quoting.price_list({edge: 1640})
        content = build.content("edge", customer_name="Nordhavn Logistik", customer_website="nordhavn-logistik.example")
        content = replace(content, lines=[build.drafts.Line(edge.family, edge, 12)])
        draft = build.drafts.save(uuid7(), content, by=world.seller, at=now)
        submitted = build.registrations.submit(draft, content, by=world.seller, at=now)
        return build.decisions.approve(submitted, by=world.manager, at=now)


def the_quote(world) -> QuoteRevision:
    with as_system(world.vendor.pk):
        revision = QuoteRevision.objects.get()
        assert revision.status == Status.PENDING_APPROVAL
        return revision


def link_in_the_mail(email: str) -> str:
    text = MailMessage.objects.filter(to=email).latest("at").text
    found = re.search(r"http\S+/offers/\S+/", text)
    assert found, text
    return found.group(0)


def barriers(person: Person) -> list[str]:
    """Return what axe finds on the page that is open, in light and in dark; without scripts it cannot look."""
    if not person.has_scripts:
        return []
    found = []
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme)
        found += looks.barriers(person.page)
    expect(person.page.locator("h1")).to_have_count(1)
    return found
