"""In which group of an inbox a row stands, in the days of whoever looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from deals.forms.inbox import InboxList
from deals.models import Registration
from deals.services import protection
from tests import build

WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 9, tzinfo=UTC)


@pytest.fixture
def manager(vendor):
    return build.manager()


def groups_of(manager, at, view="team"):
    listing = InboxList(QueryDict(f"view={view}"), manager, at)
    return [(str(label), [row.pk for row in rows]) for label, _sums, rows in listing.groups]


def waiting(at):
    row = build.submitted()
    Registration.objects.filter(pk=row.pk).update(decide_by=at)
    return row.pk


def test_days_end_at_midnight_and_weeks_with_sunday(manager):
    late = waiting(WEDNESDAY - timedelta(seconds=1))
    today = waiting(datetime(2026, 3, 4, 23, 59, tzinfo=UTC))
    sunday = waiting(datetime(2026, 3, 8, 23, 59, tzinfo=UTC))
    monday = waiting(datetime(2026, 3, 9, tzinfo=UTC))

    with timezone.override("UTC"):
        assert groups_of(manager, WEDNESDAY) == [
            ("Late", [late]),
            ("Due today", [today]),
            ("This week", [sunday]),
            ("Later", [monday]),
        ]


def test_the_weekend_looks_at_the_coming_week(manager):
    friday = waiting(datetime(2026, 3, 13, 17, tzinfo=UTC))
    week_after = waiting(datetime(2026, 3, 16, 9, tzinfo=UTC))

    with timezone.override("UTC"):
        assert groups_of(manager, SATURDAY) == [("This week", [friday]), ("Later", [week_after])]


def test_the_days_are_those_of_whoever_looks(manager):
    row = waiting(datetime(2026, 3, 4, 20, tzinfo=UTC))  # already Thursday in Tokyo

    for zone, label in (("Europe/Berlin", "Due today"), ("Asia/Tokyo", "This week")):
        with timezone.override(zone):
            assert groups_of(manager, WEDNESDAY) == [(label, [row])]


def test_the_day_on_which_clocks_go_forward_ends_at_its_own_midnight(manager):
    berlin = ZoneInfo("Europe/Berlin")
    morning = datetime(2026, 3, 29, 1, tzinfo=berlin)
    last = waiting(datetime(2026, 3, 29, 23, 59, tzinfo=berlin))
    next_day = waiting(datetime(2026, 3, 30, 0, 0, tzinfo=berlin))

    with timezone.override(berlin):
        assert groups_of(manager, morning) == [("Due today", [last]), ("This week", [next_day])]


def test_protection_that_ends_today_is_due_today_until_midnight(manager):
    seller = build.seller()
    protected = build.approved(by=seller)
    protection.ask_extension(protected, progress="Pilot runs.", by=seller, at=build.MONDAY)
    Registration.objects.filter(pk=protected.pk).update(protected_until=date(2026, 3, 4))

    with timezone.override("UTC"):
        assert groups_of(manager, WEDNESDAY.replace(hour=23), "extensions") == [("Due today", [protected.pk])]
