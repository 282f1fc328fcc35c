"""An administrator sets hours and holidays on screen, without scripts."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from prm.accounts.roles import Role
from prm.clocks.hours import Span
from prm.clocks.models import Calendar, CalendarDay
from tests import build
from tests.prm.clocks.calendar_of import holiday, office

TYPED = {
    "name": "Berlin",
    "time_zone": "Europe/Berlin",
    "day0_from0": "09:00",
    "day0_until0": "12:30",
    "day0_from1": "13:00",
    "day0_until1": "17:00",
    "day5_from0": "22:00",
    "day5_until0": "00:00",
}


@pytest.fixture
def admin(client, vendor):
    member = build.member(Role.ADMIN)
    client.force_login(member.user)
    return member


def url(vendor, *parts):
    return "/".join(["", vendor.slug, "calendars", *map(str, parts), ""])


def test_a_calendar_is_made_with_several_times_a_day(client, vendor, admin):
    assert "Until you make a calendar" in client.get(url(vendor)).content.decode()

    answer = client.post(url(vendor, "new"), TYPED)

    calendar = Calendar.objects.get()
    assert answer.headers["Location"] == url(vendor, calendar.pk)
    assert calendar.hours[0] == (Span(540, 750), Span(780, 1020))
    assert calendar.hours[5] == (Span(1320, 1440),)
    assert (calendar.is_default, any(calendar.hours[1:5])) == (True, False)
    page = client.get(url(vendor)).content.decode()
    assert "9:00–12:30, 13:00–17:00" in page or "09:00–12:30, 13:00–17:00" in page


def test_hours_are_shown_as_they_are_kept_with_a_free_row(client, vendor, admin):
    calendar = office(admin, week=((Span(0, 60), Span(120, 180), Span(240, 1440)), *((),) * 6))

    form = client.get(url(vendor, calendar.pk, "hours")).context["form"]
    shown = {name: form[name].value() for name in form.fields if name.startswith("day0") and form[name].value()}
    assert form.spans == [4, 2, 2, 2, 2, 2, 2]
    assert {name: value.strftime("%H:%M") for name, value in shown.items()} == {
        "day0_from0": "00:00",
        "day0_until0": "01:00",
        "day0_from1": "02:00",
        "day0_until1": "03:00",
        "day0_from2": "04:00",
        "day0_until2": "00:00",
    }

    sent = {name: value.strftime("%H:%M") for name, value in shown.items()}
    sent |= {f"day0_{part}3": "" for part in ("from", "until")} | {
        "name": "Nights",
        "time_zone": "UTC",
        "revision": "1",
    }
    assert client.post(url(vendor, calendar.pk, "hours"), sent).status_code == 302
    before, calendar = calendar.week, Calendar.objects.get()
    assert (calendar.week, calendar.name, calendar.is_default) == (before, "Nights", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day0_until0": ""}, "day0_until0"),
        ({"day0_until0": "08:00"}, "day0_until0"),
        ({"day0_from1": "12:00"}, "day0_from1"),
        ({"day0_from0": "25:00"}, "day0_from0"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": " "}, "name"),
    ],
)
def test_hours_that_cannot_be_are_said_beside_them(client, vendor, admin, changes, field):
    answer = client.post(url(vendor, "new"), TYPED | changes)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Calendar.objects.exists()


def test_a_calendar_without_hours_is_refused_in_words(client, vendor, admin):
    answer = client.post(url(vendor, "new"), {"name": "Never", "time_zone": "UTC"})

    assert answer.status_code == 422
    assert "would never be open" in answer.content.decode()


def test_a_form_opened_before_somebody_saved_is_refused(client, vendor, admin):
    calendar = office(admin)

    answer = client.post(url(vendor, calendar.pk, "hours"), TYPED | {"revision": "7"})

    assert answer.status_code == 422
    assert "Somebody saved this calendar meanwhile" in answer.content.decode()


def test_a_day_is_added_shown_and_removed(client, vendor, admin):
    calendar, day = office(admin), timezone.localdate() + timedelta(days=9)
    sent = {"day": day.isoformat(), "name": "Stocktaking", "kind": "open", "opens": "10:00", "closes": "11:30"}

    assert client.post(url(vendor, calendar.pk, "days"), sent).status_code == 302

    special = CalendarDay.objects.get()
    assert (special.day, special.hours) == (day, [[600, 690]])
    page = client.get(url(vendor, calendar.pk)).content.decode()
    assert page.count("Stocktaking") >= 2
    client.post(url(vendor, calendar.pk, "days", special.pk, "removal"))
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"day": ""}, {"kind": "open"}, {"kind": "open", "opens": "10:00", "closes": "09:00"}, {"kind": "odd"}]
)
def test_a_day_that_cannot_be_is_refused(client, vendor, admin, changes):
    calendar = office(admin)

    answer = client.post(url(vendor, calendar.pk, "days"), {"day": "2026-12-25", "kind": "closed", **changes})

    assert answer.status_code == 422
    assert not CalendarDay.objects.exists()


def test_holidays_are_pasted_or_given_as_a_file(client, vendor, admin):
    calendar = office(admin)
    file = SimpleUploadedFile("h.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261226\nEND:VEVENT\nEND:VCALENDAR")

    client.post(url(vendor, calendar.pk, "import"), {"text": "2026-12-24; Eve; half\r\n25.12.2026 Christmas"})
    client.post(url(vendor, calendar.pk, "import"), {"file": file})

    assert list(CalendarDay.objects.order_by("day").values_list("day", "name", "kind")) == [
        (date(2026, 12, 24), "Eve", "half"),
        (date(2026, 12, 25), "Christmas", "closed"),
        (date(2026, 12, 26), "", "closed"),
    ]


def test_a_list_is_taken_over_as_a_whole_unless_what_cannot_be_read_is_left_out(client, vendor, admin):
    calendar, sent = office(admin), {"text": "2026-12-25 Christmas\nsome day"}

    answer = client.post(url(vendor, calendar.pk, "import"), sent)

    assert answer.status_code == 422
    assert "“some day” begins with no date." in answer.content.decode()
    assert not CalendarDay.objects.exists()
    assert client.post(url(vendor, calendar.pk, "import"), sent | {"skips": "on"}).status_code == 302
    assert CalendarDay.objects.get().name == "Christmas"
    assert client.post(url(vendor, calendar.pk, "import"), {"text": ""}).status_code == 422


def test_a_day_of_another_calendar_is_not_found_in_this_one(client, vendor, admin):
    special, other = holiday(admin), office(admin, name="Support")

    assert client.post(url(vendor, other.pk, "days", special.pk, "removal")).status_code == 404
    assert CalendarDay.objects.exists()


def test_a_calendar_is_removed_unless_promises_count_by_it(client, vendor, admin):
    used, other = office(admin), office(admin, name="Support")

    assert client.post(url(vendor, other.pk, "removal")).headers["Location"] == url(vendor)
    answer = client.post(url(vendor, used.pk, "removal"))

    assert answer.status_code == 422
    assert "Let it count by another one first" in answer.content.decode()
    assert list(Calendar.objects.all()) == [used]


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.EXECUTIVE, Role.FINANCE])
def test_only_administrators_keep_calendars(client, vendor, role):
    client.force_login(build.member(role).user)

    assert client.get(url(vendor)).status_code == 403
