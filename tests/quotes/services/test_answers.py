"""What customers answer, and the one order that comes of it."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from quotes.enums import Status
from quotes.models import OfferLink, Order, OrderLine
from quotes.services import answers, issuing, links, orders
from quotes.services.answers import NoLongerOpen
from quotes.services.orders import OrderMoved
from tests import build
from tests.build import MONDAY
from tests.quotes import build as quoting
from tests.quotes.build import TODAY


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


def test_an_acceptance_becomes_an_order_at_the_vendors_prices():
    revision = quoting.issued(quoting.some(quoting.priced(), resale=150))

    order = answers.accept(revision, name="Ida Holm", email="ida@nordhavn.example", purchase_order="PO 1", at=MONDAY)

    revision.refresh_from_db()
    assert (revision.status, revision.answered_name, revision.answered_at) == (Status.ACCEPTED, "Ida Holm", MONDAY)
    assert order.number.startswith("O-2026-")
    assert (order.net_total, order.purchase_order, order.status) == (D("1000.0000"), "PO 1", "requested")
    assert [(line.quantity, line.net_unit) for line in OrderLine.objects.all()] == [(10, D("100.0000"))]


def test_the_second_acceptance_is_told_that_it_was_ordered():
    revision = quoting.issued()
    answers.accept(revision, name="Ida Holm", at=MONDAY)

    with pytest.raises(NoLongerOpen) as refusal:
        answers.accept(revision, name="Ida Holm", at=MONDAY)

    assert refusal.value.facts["state"] == Status.ACCEPTED
    assert Order.objects.count() == 1


def test_an_offer_is_accepted_until_the_end_of_its_last_day_even_if_the_clock_is_late():
    revision = quoting.issued()
    last = MONDAY + timedelta(days=30)
    assert revision.valid_until == last.date()

    with pytest.raises(NoLongerOpen) as refusal:
        answers.accept(revision, name="Ida Holm", at=last + timedelta(days=1))
    assert refusal.value.facts["state"] == "expired"

    assert answers.accept(revision, name="Ida Holm", at=last)


def test_a_closed_link_accepts_nothing_and_a_new_one_does():
    seller = build.seller()
    revision = quoting.issued(by=seller)
    old, _secret = links.make(revision, by=seller, at=MONDAY)
    new, _secret = links.make(revision, by=seller, at=MONDAY)

    with pytest.raises(NoLongerOpen) as refusal:
        answers.accept(revision, name="Ida Holm", link=old, at=MONDAY)

    assert refusal.value.facts["state"] == "closed"
    assert answers.accept(revision, name="Ida Holm", link=new, at=MONDAY)
    assert not OfferLink.objects.filter(closed_at__isnull=True).exists()


def test_a_decline_keeps_its_reason():
    revision = answers.decline(quoting.issued(), reason_code="price", note="Too dear.", name="Ida Holm", at=MONDAY)

    assert (revision.status, revision.reason_code, revision.note) == (Status.DECLINED, "price", "Too dear.")


def test_the_partner_records_an_acceptance_itself():
    seller = build.seller()
    revision = quoting.issued(by=seller)

    answers.accept(revision, name="Ida Holm", purchase_order="PO 1", by=seller, at=MONDAY)

    revision.refresh_from_db()
    assert revision.answered_for_id == seller.user_id


def test_only_the_digest_of_a_secret_is_kept_and_it_finds_the_link():
    seller = build.seller()
    link, secret = links.make(quoting.issued(by=seller), by=seller, at=MONDAY)

    assert secret not in str(OfferLink.objects.values().get())
    assert links.with_secret(secret).pk == link.pk
    assert links.with_secret("guessed") is None


def test_an_order_goes_from_its_request_to_its_delivery():
    order, by = quoting.ordered(), build.manager()

    order = orders.acknowledge(order, by=by, at=MONDAY)
    order = orders.schedule(order, day=TODAY + timedelta(days=7), by=by, at=MONDAY)
    order = orders.ship(order, note="Five of ten.", by=by, at=MONDAY)
    order = orders.fulfil(order, by=by, at=MONDAY)

    assert (order.status, order.deliver_on) == ("fulfilled", TODAY + timedelta(days=7))


def test_an_order_that_cannot_be_delivered_as_quoted_is_acknowledged_with_what_can():
    order = quoting.ordered()
    line = order.lines.get()

    order = orders.acknowledge(order, quantities={line.pk: 8}, note="Two are gone.", by=build.manager(), at=MONDAY)

    line.refresh_from_db()
    assert (line.quantity, line.net_total, order.net_total) == (8, D("800.0000"), D("800.0000"))


def test_a_fulfilled_order_is_not_cancelled():
    order, by = quoting.ordered(), build.manager()
    orders.fulfil(orders.acknowledge(order, by=by, at=MONDAY), by=by, at=MONDAY)

    with pytest.raises(OrderMoved) as refusal:
        orders.cancel(order, reason_code="other", note="No.", by=by, at=MONDAY)

    assert "Fulfilled" in refusal.value.sentence


def test_an_expired_offer_is_not_accepted():
    revision = quoting.issued()
    issuing.expire(revision, today=revision.valid_until + timedelta(days=1), at=MONDAY)

    with pytest.raises(NoLongerOpen):
        answers.accept(revision, name="Ida Holm", at=MONDAY)
