"""Rivals as the database has them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from deals.queries.conflicts import conflicts_of
from deals.rules.terms import Terms
from prm.accounts.models import VendorProfile
from tests import build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [("Europe/Zurich", 23, date(2026, 11, 24)), ("America/Los_Angeles", 3, date(2026, 11, 22)), ("UTC", 23, None)],
)
def test_the_look_back_counts_the_days_of_the_vendor(vendor, zone, hour, day):
    VendorProfile.objects.update(time_zone=zone)
    sent_at = datetime(2026, 11, 23, hour, 30, tzinfo=UTC)
    build.submitted(customer_name="Globex", at=sent_at)
    mine = build.submitted(customer_name="Globex")
    last = (day or sent_at.date()) + timedelta(days=30)

    def found(today: date) -> int:
        return len(conflicts_of(mine, families=(), today=today, terms=Terms(look_back_days=30)))

    assert (found(last), found(last + timedelta(days=1))) == (1, 0)
