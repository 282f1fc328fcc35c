"""Requests for funds of a deal that goes to another partner stay where they are, without it."""

from deals.services import transfers
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf


def test_a_request_of_a_deal_that_is_transferred_goes_on_without_it(vendor):
    share = mdf.allocation()
    deal = build.approved(by=build.seller(of=share.partner))
    request = mdf.submitted(share, registration=deal)
    receiver = build.partner("Vos B.V.")
    build.seller(of=receiver)

    transfers.transfer(deal, receiver, reason_code="other", note="Bought", by=build.manager(), at=MONDAY)

    request.refresh_from_db()
    assert (request.registration, request.partner_id) == (None, share.partner_id)
    said = Event.objects.get(name="mdf.fund_request.detached")
    assert (said.payload["deal"], said.partner_path) == (deal.number, share.partner.partner_path)
