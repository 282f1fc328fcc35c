from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from prm.notifications import digests
from prm.notifications.models import Channel, Notification, NotificationPreference, OutgoingMail
from prm.tenancy.context import as_system
from tests import build
from tests.prm.notifications.conftest import boil
from tests.prm.notifications.telling import KIND

EVENING = datetime(2026, 5, 4, 20, tzinfo=UTC)
# Tokyo is nine hours ahead: eight in the morning there is 23:00 UTC of the day before.
EIGHT_IN_TOKYO = datetime(2026, 5, 4, 23, tzinfo=UTC)


@pytest.fixture
def reader(vendor):
    member = build.member(user=build.user(time_zone="Asia/Tokyo"))
    NotificationPreference.objects.create(user=member.user, kind=KIND.code, by_email=Channel.DIGEST)
    return member


def told(vendor, reader, at, kettle="kettle"):
    with time_machine.travel(at, tick=False):
        boil(vendor, reader.user, kettle=kettle)


def digest(reader, at):
    with time_machine.travel(at, tick=False):
        return digests.write_digest(reader.user_id, at)


def test_the_daily_mail_comes_at_eight_where_the_person_is(vendor, reader):
    told(vendor, reader, EVENING, "red kettle")
    told(vendor, reader, EVENING, "blue kettle")

    assert not digest(reader, EIGHT_IN_TOKYO - timedelta(minutes=1))
    assert digest(reader, EIGHT_IN_TOKYO)

    mail = OutgoingMail.objects.get()
    assert mail.subject == "2 things happened"
    assert "red kettle" in mail.text
    assert "blue kettle" in mail.html
    assert f"/{vendor.slug}/kettles/1/" in mail.text


def test_the_daily_mail_comes_once_a_day_however_often_the_job_runs(vendor, reader):
    told(vendor, reader, EVENING)

    assert [digest(reader, EIGHT_IN_TOKYO + timedelta(minutes=5 * turn)) for turn in range(4)] == [True] + [False] * 3


def test_what_happens_after_eight_waits_for_tomorrow(vendor, reader):
    told(vendor, reader, EVENING)
    digest(reader, EIGHT_IN_TOKYO)
    told(vendor, reader, EIGHT_IN_TOKYO + timedelta(hours=1))

    assert not digest(reader, EIGHT_IN_TOKYO + timedelta(hours=2))
    assert digest(reader, EIGHT_IN_TOKYO + timedelta(days=1))


def test_a_job_that_was_late_still_sends_todays_mail(vendor, reader):
    told(vendor, reader, EVENING)

    assert digest(reader, EIGHT_IN_TOKYO + timedelta(hours=6))


def test_nothing_to_tell_sends_nothing(vendor, reader):
    assert not digest(reader, EIGHT_IN_TOKYO)


def test_whoever_left_gets_no_more_mail(vendor, reader):
    told(vendor, reader, EVENING)
    reader.status = "suspended"
    reader.save()

    assert not digest(reader, EIGHT_IN_TOKYO)
    assert OutgoingMail.objects.count() == 0
    assert not Notification.objects.filter(is_for_digest=True).exists()


def test_the_day_the_clocks_change_also_has_one_eight_o_clock(vendor):
    zone = digests.ZoneInfo("Europe/Berlin")

    assert digests.eight_o_clock(datetime(2026, 3, 29, 12, tzinfo=UTC), zone) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert digests.eight_o_clock(datetime(2026, 3, 28, 12, tzinfo=UTC), zone) == datetime(2026, 3, 28, 7, tzinfo=UTC)


def test_the_job_reaches_everybody_at_every_vendor(committed):
    people = []
    for _ in range(2):
        vendor = build.vendor()
        with as_system(vendor.pk):
            member = build.manager()
            NotificationPreference.objects.create(user=member.user, kind=KIND.code, by_email=Channel.DIGEST)
        told(vendor, member, EVENING)
        people.append((vendor, member))

    with time_machine.travel(EVENING + timedelta(days=1), tick=False):
        digests.send_digests()
        digests.send_digests()

    for vendor, member in people:
        with as_system(vendor.pk):
            assert OutgoingMail.objects.get().user_id == member.user_id
