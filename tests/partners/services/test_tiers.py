from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.enums import TierReason
from partners.models import TierMembership
from partners.services import tiers
from tests import build
from tests.partners.programs import levels as offered
from tests.partners.programs import program

JANUARY = date(2026, 1, 1)


def place(partner, tier, day, reason=TierReason.EARNED):
    return tiers.place(partner, tier, starts_on=day, reason=reason, by=build.manager(), at=build.MONDAY)


@pytest.fixture
def levels(vendor):
    program("Silver", "Gold")
    return offered()


def test_the_tier_before_ends_the_day_before(levels):
    partner, (silver, gold) = build.partner(), levels
    place(partner, silver, JANUARY)

    place(partner, gold, date(2026, 7, 1))

    rows = TierMembership.objects.filter(partner=partner).order_by("starts_on")
    assert [(row.tier, row.ends_on) for row in rows] == [(silver, date(2026, 6, 30)), (gold, None)]


@pytest.mark.parametrize("day", [JANUARY, JANUARY - timedelta(days=1)])
def test_what_was_decided_stays_as_it_is(levels, day):
    partner, (silver, gold) = build.partner(), levels
    place(partner, silver, JANUARY)

    with pytest.raises(tiers.PlacedSince):
        place(partner, gold, day)

    assert TierMembership.objects.get(partner=partner).tier == silver


def test_an_ended_tier_is_not_overlapped_either(levels):
    partner, (silver, gold) = build.partner(), levels
    row = place(partner, silver, JANUARY)
    TierMembership.objects.filter(pk=row.pk).update(ends_on=date(2026, 3, 31))

    with pytest.raises(tiers.PlacedSince):
        place(partner, gold, date(2026, 3, 31))

    place(partner, gold, date(2026, 4, 1))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(days=st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_tiers_never_overlap_whatever_is_tried(levels, days):
    partner = build.partner()
    for number, offset in enumerate(days):
        try:
            with transaction.atomic():
                place(partner, levels[number % 2], JANUARY + timedelta(days=offset))
        except tiers.PlacedSince:
            continue

    for offset in range(-1, 45):
        assert TierMembership.objects.filter(partner=partner).on(JANUARY + timedelta(days=offset)).count() <= 1
    assert TierMembership.objects.filter(partner=partner, ends_on__isnull=True).count() == 1
