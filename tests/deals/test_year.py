"""A year of the clock: every protection gets its reminders and check-ins, ends once, and frees its customer."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from deals import tasks
from deals.enums import ProtectionState, Stage
from deals.models import CheckIn, Protection, Registration
from deals.services import check_ins, outcomes
from prm.events.models import Event
from tests import build
from tests.build import MONDAY

REMINDED = {"protection.reminded": 4, "protection.expired": 1}
EXPECTED = {
    "Alive": {"checkin.reminded": 3, **REMINDED},  # after the third the next would be due when the protection is over
    "Silent": {"checkin.reminded": 1, "checkin.missed": 1, "protection.forfeited": 1},
    "Late": {"checkin.reminded": 2, "checkin.missed": 2, **REMINDED},
    "Lost": {},
}


@pytest.fixture
def cast(vendor):
    seller = build.seller()
    return seller, {name: build.approved(by=seller, customer_name=name) for name in ("Alive", "Silent", "Late", "Lost")}


def names_of(deal: Registration) -> Counter:
    rows = Event.objects.filter(subject_id=deal.pk, by=None).values_list("name", flat=True)
    return Counter(name.removeprefix("deals.") for name in rows)


def confirm(deal: Registration, seller, at) -> None:
    deal.refresh_from_db()
    close_on = min((at + timedelta(days=60)).date(), deal.protected_until)
    facts = {"stage": Stage.QUALIFIED, "close_on": close_on, "note": "Still alive."}
    check_ins.confirm(deal, **facts, by=seller, at=at)


def test_a_year_passes_and_each_deal_takes_its_own_course(cast):
    seller, deals = cast
    for day in range(366):
        at = (MONDAY + timedelta(days=day)).replace(hour=8)
        with time_machine.travel(at, tick=False):
            tasks.expire_protections()
            tasks.remind_of_protections()
            tasks.ask_for_check_ins()
            tasks.release_unconfirmed()
            if day in (29, 58, 85):
                confirm(deals["Alive"], seller, at)
            if day in (40, 80):  # ten days after it was due, and within the grace
                confirm(deals["Late"], seller, at)
            if day == 20:
                outcomes.lose(deals["Lost"], reason_code="price", note="", by=seller, at=at)
    for deal in deals.values():
        deal.refresh_from_db()

    ended = {name: deal.protection for name, deal in deals.items()}
    assert ended == {
        "Alive": ProtectionState.EXPIRED,
        "Silent": ProtectionState.RELEASED,
        "Late": ProtectionState.EXPIRED,
        "Lost": ProtectionState.RELEASED,
    }
    assert {name: dict(names_of(deal)) for name, deal in deals.items()} == EXPECTED
    assert not Protection.objects.filter(is_in_force=True).exists()
    assert not CheckIn.objects.filter(is_open=True).exists()
