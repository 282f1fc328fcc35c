"""Calendars are made and changed whole, and promises follow the default one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from prm.accounts.models import VendorProfile
from prm.accounts.roles import Role
from prm.clocks import calendars, services
from prm.clocks.hours import Span
from prm.clocks.models import Calendar, CalendarDay
from prm.clocks.services import (
    CalendarChangedMeanwhile,
    CalendarNeverOpens,
    Day,
    DefaultIsNeeded,
    Hours,
    TooManyDays,
)
from prm.events.models import Event
from tests import build
from tests.prm.clocks.calendar_of import OFFICE, holiday, office

pytestmark = pytest.mark.usefixtures("vendor")
THURSDAY = datetime(2026, 12, 24, 9, tzinfo=UTC)
HALF, OPEN = CalendarDay.Kind.HALF, CalendarDay.Kind.OPEN


@pytest.fixture
def admin():
    return build.member(Role.ADMIN)


def hours(calendar, **changes):
    facts = {name: getattr(calendar, name) for name in ("name", "time_zone", "is_default")}
    return Hours(**{**facts, "week": calendar.hours, **changes})


def test_until_a_calendar_is_made_weekdays_in_the_vendors_zone_count():
    VendorProfile.objects.update(time_zone="Asia/Kolkata")

    assert calendars.default().zone == "Asia/Kolkata"
    assert calendars.in_business_days(2, at=THURSDAY) == THURSDAY + timedelta(days=4)


def test_the_first_calendar_counts_and_its_holidays_do_not(admin):
    calendar = office(admin)
    services.set_days(calendar, [Day(date(2026, 12, 25), "Christmas")], by=admin, at=THURSDAY)

    assert calendar.is_default
    assert calendars.in_business_days(2, at=THURSDAY) == datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert calendars.default().closed_days(THURSDAY, THURSDAY + timedelta(days=1)) == [
        (date(2026, 12, 25), "Christmas")
    ]


def test_days_are_closed_half_or_have_their_own_hours(admin):
    calendar = office(admin)
    days = [Day(date(2026, 12, 24), "Eve", HALF), Day(date(2026, 12, 26), "", OPEN, (Span(600, 660), Span(700, 720)))]
    services.set_days(calendar, days, by=admin, at=THURSDAY)

    rules = calendars.find(calendar.pk)

    assert rules.spans_on(date(2026, 12, 24)) == (Span(540, 780),)
    assert rules.spans_on(date(2026, 12, 26)) == (Span(600, 660), Span(700, 720))


def test_saying_a_day_again_replaces_what_was_said_and_removing_it_gives_its_hours_back(admin):
    christmas = holiday(admin)
    services.set_days(christmas.calendar, [Day(christmas.day, "Feast", HALF)], by=admin, at=THURSDAY)

    day = CalendarDay.objects.get()
    assert (day.name, day.kind) == ("Feast", HALF)

    services.remove_day(day, by=admin, at=THURSDAY)
    services.remove_day(day, by=admin, at=THURSDAY)

    assert not CalendarDay.objects.exists()
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names == ["prm.calendar.made", *["prm.calendar_days.set"] * 2, "prm.calendar_day.removed"]


def test_there_is_one_default_calendar_and_it_passes_on(admin):
    first, second = office(admin), office(admin, name="Support")
    services.change(second, hours(second, is_default=True), revision=1, by=admin, at=THURSDAY)

    assert list(Calendar.objects.filter(is_default=True)) == [second]
    with pytest.raises(DefaultIsNeeded):
        services.change(second, hours(second, is_default=False), revision=2, by=admin, at=THURSDAY)
    with pytest.raises(DefaultIsNeeded):
        services.remove(second, by=admin, at=THURSDAY)
    services.remove(first, by=admin, at=THURSDAY)
    assert list(Calendar.objects.all()) == [second]


def test_a_calendar_that_never_opens_is_refused(admin):
    calendar = office(admin)

    with pytest.raises(CalendarNeverOpens):
        office(admin, week=((),) * 7)
    with pytest.raises(CalendarNeverOpens):
        services.change(calendar, hours(calendar, week=((),) * 7), revision=1, by=admin, at=THURSDAY)
    assert Calendar.objects.get().hours == OFFICE


def test_what_somebody_saved_meanwhile_is_not_overwritten_and_no_change_is_none(admin):
    calendar = office(admin)
    services.change(calendar, hours(calendar), revision=1, by=admin, at=THURSDAY)
    services.change(calendar, hours(calendar, name="Berlin"), revision=1, by=admin, at=THURSDAY)

    with pytest.raises(CalendarChangedMeanwhile):
        services.change(calendar, hours(calendar, name="Bonn"), revision=1, by=admin, at=THURSDAY)

    changes = Event.objects.filter(name="prm.calendar.changed")
    assert [event.payload["fields"] for event in changes] == [["name"]]


def test_a_calendar_holds_no_endless_list(admin, monkeypatch):
    monkeypatch.setattr(services, "DAYS_AT_MOST", 2)
    calendar = office(admin)

    with pytest.raises(TooManyDays):
        services.set_days(calendar, [Day(date(2026, 12, n)) for n in (1, 2, 3)], by=admin, at=THURSDAY)
    assert not CalendarDay.objects.exists()


def test_after_a_clock_stood_what_was_left_is_promised_and_what_was_late_stays_late(admin):
    office(admin)
    due, friday = THURSDAY - timedelta(days=1), datetime(2026, 12, 25, 9, tzinfo=UTC)

    assert calendars.resumed(friday, stood_since=THURSDAY, at=friday) == datetime(2026, 12, 28, 9, tzinfo=UTC)
    assert calendars.resumed(due, stood_since=THURSDAY, at=friday) == due
