"""Quotes of a deal that goes to another partner stay where they are, without it."""

import pytest

from deals.models import Registration
from deals.services import transfers
from partners.models import Partner
from prm.events.models import Event
from prm.tenancy.context import acting_as
from quotes.models import QuoteRevision
from quotes.queries import pricing
from quotes.rules.drift import Kind
from quotes.services import issuing, quotes
from quotes.services.quotes import Drifted, NotYours
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in
from tests.quotes import build as quoting
from tests.quotes.build import TODAY
from tests.quotes.services.test_quotes import approved_with


@pytest.fixture
def edge(vendor):
    quoting.terms()
    made = quoting.product("Edge 400")
    quoting.price_list({made: 100})
    return made


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(edge, seller):
    return approved_with(edge, 12, seller)


@pytest.fixture
def draft(deal, seller):
    return quotes.start(currency="EUR", by=seller, at=MONDAY, registration=deal)


def give(deal):
    receiver, manager = build.seller(), build.manager()
    to = Partner.objects.get(pk=receiver.partner_id)
    with acting_as(manager.actor):
        transfers.transfer(deal, to, reason_code="other", note="Bought", by=manager, at=MONDAY)
    return receiver


def test_the_former_partner_keeps_its_quote_without_the_deal(deal, draft, seller):
    receiver = give(deal)

    draft.quote.refresh_from_db()
    assert (draft.quote.registration_id, draft.quote.partner_id) == (None, seller.partner_id)
    assert Event.objects.get(name="quotes.quote.detached").payload["deal"] == deal.number
    page = signed_in(seller).get(f"/{deal.tenant.slug}/quotes/{draft.quote_id}/")
    assert page.status_code == 200
    with acting_as(receiver.actor):
        assert not QuoteRevision.objects.exists()


def test_what_the_deal_took_off_is_settled_before_the_quote_goes_out(deal, draft, seller):
    give(deal)

    draft = QuoteRevision.objects.select_related("quote").get(pk=draft.pk)
    with acting_as(seller.actor):
        kinds = {found.kind for found in pricing.drift_of(draft, pricing.lines_of(draft.pk), TODAY)}
        assert {Kind.DEARER, Kind.UNPROTECTED} <= kinds
        with pytest.raises(Drifted):
            issuing.issue(draft, by=seller, at=MONDAY)


def test_new_quotes_are_the_new_partners(deal, seller):
    receiver = give(deal)
    given = Registration.objects.get(pk=deal.pk)

    with acting_as(receiver.actor):
        assert quotes.start(currency="EUR", by=receiver, at=MONDAY, registration=given).counts_registration
    with acting_as(seller.actor), pytest.raises(NotYours):
        quotes.start(currency="EUR", by=seller, at=MONDAY, registration=given)
