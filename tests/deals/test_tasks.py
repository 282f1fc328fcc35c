from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from deals import tasks
from deals.enums import ProtectionState, Review
from deals.models import Protection, Registration
from deals.queries import due
from deals.rules.terms import AREA, Terms
from deals.services import decisions, protection, registrations
from prm.events import schedule
from prm.events.models import Event
from prm.policies import versions
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once


@pytest.fixture
def in_new_york(db):
    with as_system(build.vendor(time_zone="America/New_York").pk):
        yield


@pytest.fixture
def in_berlin(db):
    with as_system(build.vendor(time_zone="Europe/Berlin").pk):
        yield


def protected_until(day: date) -> Registration:
    """A registration that was approved at noon, ninety days before its last day."""
    noon = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    registration = build.approved(at=noon - timedelta(days=90))
    assert registration.protected_until == day
    return registration


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return registration.protection


def told(name: str) -> list[dict]:
    return list(Event.objects.filter(name=name).order_by("recorded_at").values_list("payload", flat=True))


def test_a_protection_ends_when_the_last_day_is_over_at_the_vendor(in_new_york):
    registration = protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 2, 22, 4, 59, tzinfo=UTC), tick=False):  # still the 21st in New York
        tasks.expire_protections()
    assert state(registration) == ProtectionState.ACTIVE

    with time_machine.travel(datetime(2027, 2, 22, 5, 1, tzinfo=UTC), tick=False):
        tasks.expire_protections()
    assert state(registration) == ProtectionState.EXPIRED
    assert not Protection.objects.filter(is_in_force=True).exists()


@pytest.mark.parametrize(
    ("last_day", "still", "over"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 21, 59), datetime(2027, 3, 28, 22, 1)),  # a day of 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59), datetime(2026, 10, 25, 23, 1)),  # and one of 25
    ],
)
def test_a_last_day_on_which_the_clocks_change_lasts_until_its_own_midnight(in_berlin, last_day, still, over):
    registration = protected_until(last_day)

    with time_machine.travel(still.replace(tzinfo=UTC), tick=False):
        tasks.expire_protections()
    assert state(registration) == ProtectionState.ACTIVE

    with time_machine.travel(over.replace(tzinfo=UTC), tick=False):
        tasks.expire_protections()
    assert state(registration) == ProtectionState.EXPIRED


def test_a_protection_expires_once_however_often_the_clock_looks(vendor):
    protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        for _ in range(3):
            tasks.expire_protections()

    assert told("deals.protection.expired") == [
        {"registration_id": str(Registration.objects.get().pk), "until": "2027-02-21"}
    ]


def test_clocks_that_look_at_the_same_time_expire_each_protection_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        for _ in range(5):
            protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        assert at_once([tasks.expire_protections] * 4) == [None] * 4

    with as_system(vendor.pk):
        assert len(told("deals.protection.expired")) == 5
        assert set(Registration.objects.values_list("protection", flat=True)) == {ProtectionState.EXPIRED}


def test_one_registration_that_cannot_be_expired_stops_no_other(vendor, monkeypatch):
    broken, other = protected_until(date(2027, 2, 20)), protected_until(date(2027, 2, 21))
    expire = protection.expire

    def expire_but_one(row, **facts):
        if row.pk == broken.pk:
            raise RuntimeError("a broken row")
        return expire(row, **facts)

    monkeypatch.setattr(protection, "expire", expire_but_one)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        tasks.expire_protections()

    assert (state(broken), state(other)) == (ProtectionState.ACTIVE, ProtectionState.EXPIRED)


def test_the_clock_does_nothing_at_a_vendor_whose_portal_is_closed(vendor):
    registration = protected_until(date(2027, 2, 21))
    Vendor.objects.filter(pk=vendor.pk).update(status=Vendor.Status.CLOSED)

    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        tasks.expire_protections()

    assert state(registration) == ProtectionState.ACTIVE


def test_more_than_a_batch_is_done_the_next_time(vendor, monkeypatch):
    monkeypatch.setattr(schedule, "BATCH", 2)
    for _ in range(3):
        protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        tasks.expire_protections()
        assert len(told("deals.protection.expired")) == 2
        tasks.expire_protections()

    assert len(told("deals.protection.expired")) == 3


def test_a_partner_is_reminded_30_14_7_and_1_days_before_the_end(in_new_york):
    registration = protected_until(date(2027, 2, 21))

    for days in range(92):
        for hour in (11, 13, 20):  # six and eight in the morning, and the afternoon
            with time_machine.travel(datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=days), tick=False):
                tasks.remind_of_protections()

    assert [payload["days_left"] for payload in told("deals.protection.reminded")] == [30, 14, 7, 1]
    assert state(registration) == ProtectionState.EXPIRING


def test_each_protection_is_reminded_by_the_terms_it_stands_under(vendor):
    old = protected_until(date(2027, 2, 21))
    versions.publish(AREA, Terms(reminder_days=(60,)).body(), effective_on=date(2026, 11, 24), at=MONDAY)
    new = build.approved(at=MONDAY + timedelta(days=1))

    with time_machine.travel(datetime(2027, 1, 5, 12, tzinfo=UTC), tick=False):  # 47 and 48 days before
        tasks.remind_of_protections()

    assert (state(old), state(new)) == (ProtectionState.ACTIVE, ProtectionState.EXPIRING)


def test_looking_costs_the_same_for_one_protection_and_for_ten(vendor, django_assert_num_queries):
    for _ in range(10):
        protected_until(date(2027, 2, 21))

    with django_assert_num_queries(3):
        assert len(due.to_be_reminded(datetime(2027, 2, 14, 12, tzinfo=UTC))) == 10


def test_nobody_is_reminded_at_night(in_new_york):
    protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 2, 14, 11, 59, tzinfo=UTC), tick=False):
        tasks.remind_of_protections()
    assert told("deals.protection.reminded") == []

    with time_machine.travel(datetime(2027, 2, 14, 12, 1, tzinfo=UTC), tick=False):
        tasks.remind_of_protections()
    assert [payload["days_left"] for payload in told("deals.protection.reminded")] == [7]


def test_after_a_standstill_only_the_reminder_that_still_matters_is_sent(vendor):
    protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 2, 16, 12, tzinfo=UTC), tick=False):
        for _ in range(2):
            tasks.remind_of_protections()

    assert [payload["days_left"] for payload in told("deals.protection.reminded")] == [5]


def test_clocks_that_look_at_the_same_time_remind_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        protected_until(date(2027, 2, 21))

    with time_machine.travel(datetime(2027, 2, 14, 12, tzinfo=UTC), tick=False):
        assert at_once([tasks.remind_of_protections] * 4) == [None] * 4

    with as_system(vendor.pk):
        assert len(told("deals.protection.reminded")) == 1


def test_an_extension_starts_the_reminders_again(vendor):
    seller = build.seller()
    registration = build.approved(by=seller)
    with time_machine.travel(datetime(2027, 2, 20, 12, tzinfo=UTC), tick=False):
        tasks.remind_of_protections()
    protection.ask_extension(registration, progress="A pilot", by=seller, at=MONDAY)
    registration = protection.extend(registration, by=build.manager(), at=MONDAY)

    with time_machine.travel(datetime(2027, 4, 6, 12, tzinfo=UTC), tick=False):
        tasks.remind_of_protections()

    assert registration.protected_until == date(2027, 4, 22)
    assert [payload["days_left"] for payload in told("deals.protection.reminded")] == [1, 16]


def test_a_question_that_nobody_answers_in_ten_days_withdraws_the_registration_once(vendor):
    registration = decisions.ask(build.submitted(), question="Who signs?", by=build.manager(), at=MONDAY)

    with time_machine.travel(MONDAY + timedelta(days=10), tick=False):
        tasks.lapse_unanswered()
    registration.refresh_from_db()
    assert registration.review == Review.INFO_REQUESTED

    with time_machine.travel(MONDAY + timedelta(days=10, seconds=1), tick=False):
        for _ in range(2):
            tasks.lapse_unanswered()
    registration.refresh_from_db()
    assert registration.review == Review.WITHDRAWN
    assert [payload["is_lapsed"] for payload in told("deals.registration.withdrawn")] == [True]


def test_an_answer_that_comes_while_the_clock_looks_counts(vendor, monkeypatch):
    seller = build.seller()
    registration = decisions.ask(build.submitted(by=seller), question="Who?", by=build.manager(), at=MONDAY)
    found_before = [Registration.objects.get()]
    registrations.answer(registration, None, text="The CFO.", by=seller, at=MONDAY)

    monkeypatch.setattr(due, "unanswered", lambda at: found_before)
    with time_machine.travel(MONDAY + timedelta(days=11), tick=False):
        tasks.lapse_unanswered()

    registration.refresh_from_db()
    assert registration.review == Review.IN_REVIEW
