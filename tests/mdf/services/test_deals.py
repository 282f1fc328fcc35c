"""Requests for funds stay where they are when their deal goes to another partner or ends, and people are told."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from deals.services import outcomes, protection, transfers
from mdf.events import FundRequestDealEnded
from mdf.services import deals
from prm.accounts.roles import Role
from prm.events.models import Delivery, Event
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.money import Money
from prm.notifications import words
from prm.notifications.models import Notification
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf

KINDS = ("fund_request_detached", "fund_request_deal_ended", "fund_request_without_deal")


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


@pytest.fixture
def stage(vendor):
    """A firm whose fund request names its deal, and its channel manager."""
    stage = SimpleNamespace(vendor=vendor, manager=build.member(Role.CHANNEL_MANAGER, name="Tomás"))
    firm = build.partner("Northlight", channel_manager=stage.manager.user)
    stage.seller = build.member(Role.PARTNER_ADMIN, of=firm, name="Maja")
    stage.deal = build.approved(by=stage.seller)
    stage.request = mdf.submitted(mdf.allocation(to=firm), by=stage.seller, registration=stage.deal)
    return stage


def told(stage):
    deliver_due(stage.vendor.pk, now=lambda: timezone.now() + UNDO_TIME + timedelta(seconds=1))
    assert not Delivery.objects.exclude(last_error="").exists()
    rows = Notification.objects.filter(kind__in=[f"mdf.{kind}" for kind in KINDS]).select_related("user")
    assert all(stage.deal.number in words.of(row.kind, row.facts).text for row in rows)
    return sorted((row.kind.removeprefix("mdf."), row.user.name) for row in rows)


def test_both_sides_are_told_that_a_request_lost_its_deal_to_another_partner(stage):
    receiver = build.partner("Vos B.V.")
    build.seller(of=receiver)

    transfers.transfer(stage.deal, receiver, reason_code="other", note="Bought", by=build.manager(), at=MONDAY)

    assert told(stage) == [("fund_request_detached", "Maja"), ("fund_request_without_deal", "Tomás")]


LATE = MONDAY + timedelta(days=400)
ENDINGS = {
    "expired": lambda deal, by: protection.expire(deal, today=LATE.date(), at=LATE),
    "released": lambda deal, by: protection.release(deal, by=by, at=MONDAY),
    "revoked": lambda deal, by: protection.revoke(deal, reason_code="other", note="", by=build.manager(), at=MONDAY),
    "lost": lambda deal, by: outcomes.lose(deal, reason_code="other", note="x", by=by, at=MONDAY),
}


@pytest.mark.parametrize("way", ENDINGS)
def test_both_sides_are_told_once_that_the_deal_of_a_request_has_ended(stage, way):
    ENDINGS[way](stage.deal, stage.seller)

    assert told(stage) == [("fund_request_deal_ended", "Maja"), ("fund_request_without_deal", "Tomás")]
    stage.request.refresh_from_db()
    assert (stage.request.status, stage.request.registration_id) == ("submitted", stage.deal.pk)


def test_telling_again_that_a_deal_has_ended_does_nothing(stage):
    event = Event.objects.filter(subject_id=stage.deal.pk).first()
    for _ in range(2):
        deals.tell_of_end(stage.deal, after=event.pk, at=MONDAY)

    assert Event.objects.filter(name=FundRequestDealEnded.name).count() == 1


def test_nobody_is_told_of_a_deal_that_is_won(stage):
    outcomes.win(stage.deal, Money(Decimal(5), "EUR"), by=stage.seller, at=MONDAY)

    assert told(stage) == []
