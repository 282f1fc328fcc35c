import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from prm.accounts.roles import Role
from prm.notifications import queries
from prm.notifications.kinds import KINDS
from prm.notifications.models import Notification, NotificationPreference
from tests import build
from tests.prm.notifications.conftest import boil
from tests.prm.notifications.telling import KIND


@pytest.fixture
def reader(vendor, client):
    member = build.member(Role.PARTNER_SALES)
    client.force_login(member.user)
    return member


def page(client, vendor, path="", **query):
    return client.get(f"/{vendor.slug}/notifications/{path}", query)


def test_the_list_shows_what_a_person_was_told(vendor, client, reader, mailbox):
    boil(vendor, reader.user, kettle="<b>kettle</b>")

    text = page(client, vendor).content.decode()

    assert "1 new notification" in text
    assert "The &lt;b&gt;kettle&lt;/b&gt; boils" in text


def test_an_empty_list_says_what_will_appear(vendor, client, reader):
    assert "No notifications yet" in page(client, vendor).content.decode()


def test_reading_the_list_changes_nothing(vendor, client, reader, mailbox):
    boil(vendor, reader.user)
    page(client, vendor)

    assert queries.unread(reader) == 1


def test_opening_an_entry_marks_it_as_read_and_leads_to_the_record(vendor, client, reader, mailbox):
    boil(vendor, reader.user)
    entry = Notification.objects.get()
    address = f"/{vendor.slug}/notifications/{entry.pk}/opening/"

    assert client.get(address).status_code == 405
    answer = client.post(address)

    assert answer.url == f"/{vendor.slug}/kettles/1/"
    assert queries.unread(reader) == 0


def test_an_entry_of_somebody_else_is_not_there(vendor, client, reader, mailbox):
    other = build.manager()
    boil(vendor, other.user)
    entry = Notification.objects.get()

    assert client.post(f"/{vendor.slug}/notifications/{entry.pk}/opening/").status_code == 404
    entry.refresh_from_db()
    assert entry.read_at is None


def test_all_can_be_read_at_once_but_only_ones_own(vendor, client, reader, mailbox):
    other = build.manager()
    boil(vendor, reader.user, other.user)

    client.post(f"/{vendor.slug}/notifications/reading/")

    assert (queries.unread(reader), queries.unread(other)) == (0, 1)


def test_what_is_off_in_the_portal_is_not_counted(vendor, client, reader, mailbox):
    NotificationPreference.objects.create(user=reader.user, kind=KIND.code, in_portal=False, by_email="digest")
    boil(vendor, reader.user)

    assert queries.unread(reader) == 0
    assert "No notifications yet" in page(client, vendor).content.decode()


def test_the_list_pages_without_repeating(vendor, client, reader, mailbox):
    NotificationPreference.objects.create(user=reader.user, kind=KIND.code, by_email="off")
    for number in range(30):
        boil(vendor, reader.user, kettle=f"kettle-{number:02}")

    first = page(client, vendor)
    second = client.get(f"/{vendor.slug}/notifications/{first.context['listing'].next_url}")

    shown = [{n for n in range(30) if f"kettle-{n:02} boils" in answer.content.decode()} for answer in (first, second)]
    assert shown == [set(range(5, 30)), set(range(5))]


def test_the_list_costs_as_many_queries_for_many_rows_as_for_one(vendor, client, reader, mailbox):
    def number():
        with CaptureQueriesContext(connection) as captured:
            page(client, vendor)
        return len(captured)

    boil(vendor, reader.user)
    number()
    few = number()
    for _ in range(10):
        boil(vendor, reader.user)

    assert number() == few


def test_a_person_chooses_how_to_be_told(vendor, client, reader):
    address = f"/{vendor.slug}/notifications/settings/"
    assert "A kettle boiled" in client.get(address).content.decode()

    others = {f"{kind.code}:email": kind.default for kind in KINDS.values()}
    for email in ("digest", "off"):
        answer = client.post(address, others | {f"{KIND.code}:email": email})
        assert answer.status_code == 302

    row = NotificationPreference.objects.get(kind=KIND.code)
    assert (row.user_id, row.by_email, row.in_portal) == (reader.user_id, "off", False)


def test_a_made_up_choice_is_refused(vendor, client, reader):
    answer = client.post(f"/{vendor.slug}/notifications/settings/", {f"{KIND.code}:email": "pigeon"})

    assert answer.status_code == 422
    assert not NotificationPreference.objects.exists()


def test_visitors_are_sent_to_sign_in(vendor, client):
    assert page(client, vendor).status_code == 302
