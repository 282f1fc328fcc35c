from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from prm.accounts.models import Membership
from prm.events.models import Delivery, Event
from prm.events.outbox import deliver_due
from prm.money import Money
from prm.notifications import facts, kinds, words
from prm.notifications.models import Channel, Notification, NotificationPreference, OutgoingMail
from prm.notifications.services import notify
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.prm.notifications.conftest import boil
from tests.prm.notifications.telling import KIND


def prefer(member, **choice):
    NotificationPreference.objects.create(user=member.user, kind=KIND.code, **choice)


def test_a_person_is_told_in_the_portal_and_by_mail(vendor, mailbox, settings):
    settings.SITE_URL = "https://portal.example"
    member = build.manager()

    event = boil(vendor, member.user)

    notification = Notification.objects.get()
    assert (notification.user_id, notification.event_id, notification.path) == (member.user_id, event.pk, "kettles/1/")
    message = mailbox.get()
    assert (message.to, message.subject) == (member.user.email, "The kettle boils")
    assert f"https://portal.example/{vendor.slug}/kettles/1/" in message.text
    assert f"https://portal.example/{vendor.slug}/kettles/1/" in message.html
    assert vendor.name in message.sender


def test_links_lead_to_the_vendors_own_domain(vendor, mailbox, settings):
    settings.SITE_URL = "https://portal.example"
    vendor.domains.create(host="partners.vendor.example")

    boil(vendor, build.manager().user)

    assert "https://partners.vendor.example/kettles/1/" in mailbox.get().text


@pytest.mark.parametrize(
    ("choice", "rows", "mails"),
    [
        ({}, 1, 1),
        ({"by_email": Channel.OFF}, 1, 0),
        ({"by_email": Channel.DIGEST}, 1, 0),
        ({"in_portal": False}, 0, 1),
        ({"in_portal": False, "by_email": Channel.DIGEST}, 1, 0),
        ({"in_portal": False, "by_email": Channel.OFF}, 0, 0),
    ],
)
def test_each_person_is_told_as_they_chose(vendor, mailbox, choice, rows, mails):
    member = build.manager()
    prefer(member, **choice)

    boil(vendor, member.user)

    assert (Notification.objects.count(), mailbox.count()) == (rows, mails)


def test_a_suspended_member_and_a_stranger_are_not_told(vendor, mailbox):
    suspended, stranger, closed = build.manager(), build.user(), build.manager()
    Membership.objects.filter(pk=suspended.pk).update(status=Membership.Status.SUSPENDED)
    closed.user.is_active = False
    closed.user.save()

    boil(vendor, suspended.user, stranger, closed.user)

    assert (Notification.objects.count(), mailbox.count()) == (0, 0)


def test_telling_twice_tells_once(vendor, mailbox):
    member = build.manager()
    event = boil(vendor, member.user)
    turn = Delivery.objects.get(subject_id=event.pk, handler__endswith="tell")

    for _ in range(2):
        notify(
            [member.user, member.user], kind=KIND, event=event, path="kettles/1/", facts={"kettle": "k"}, delivery=turn
        )
    deliver_due(vendor.pk)

    assert (Notification.objects.count(), OutgoingMail.objects.count(), mailbox.count()) == (1, 1, 1)


def test_only_the_handler_of_an_event_may_tell_of_it(vendor):
    build.partner()
    event = Event.objects.get()

    with pytest.raises(ValueError, match="by the handler"):
        notify([], kind=KIND, event=event, path="", facts={}, delivery=Delivery(subject_id=vendor.pk))


@pytest.mark.parametrize("path", ["\\evil.example", "https://evil.example", "x//../y z", "javascript:alert(1)"])
def test_a_path_out_of_the_portal_is_refused(vendor, path):
    build.partner()
    event = Event.objects.get()

    with pytest.raises(ValueError, match="no path"):
        notify([], kind=KIND, event=event, path=path, facts={}, delivery=Delivery(subject_id=event.pk))


def test_words_are_in_the_readers_language_and_mail_in_the_recipients(vendor, mailbox, monkeypatch):
    member = build.member(user=build.user(language="de"))
    seen = []
    original = words.of
    monkeypatch.setattr(words, "of", lambda *args: seen.append(words.translation.get_language()) or original(*args))

    boil(vendor, member.user)

    assert seen == ["de"]


def test_a_name_can_neither_break_the_subject_nor_hide_what_it_says(vendor, mailbox):
    member = build.manager()

    boil(vendor, member.user, kettle="Eve\r\nBcc: all@example.com\u202egnp.exe\u2066 <b>&")

    message = mailbox.get()
    assert message.subject == "The Eve Bcc: all@example.comgnp.exe <b>& boils"
    assert "&lt;b&gt;&amp;" in message.html
    assert "<b>& water" in message.text


def test_a_name_with_a_nul_is_kept_out_of_the_database(vendor, mailbox):
    assert facts.pack({"name": "a\x00b"}) == {"name": "ab"}


def test_facts_come_back_as_they_were():
    given = {
        "name": "Ü",
        "count": 3,
        "amount": Money(Decimal("10.50"), "EUR"),
        "on": date(2026, 1, 2),
        "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "share": Decimal("0.1"),
        "names": ["a", "b"],
        "nothing": None,
    }

    assert facts.unpack(facts.pack(given)) == given
    with pytest.raises(TypeError, match="set"):
        facts.pack({"x": {1}})


def test_a_kind_that_no_longer_exists_still_has_a_name():
    assert words.of("gone.some_thing", {}).subject == "Some thing"


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        kinds.kind(KIND.code, "again")


def test_nobody_sees_what_another_person_was_told(vendor):
    told, other = build.manager(), build.manager()
    boil(vendor, told.user)

    with acting_as(other.actor):
        assert Notification.objects.count() == 0
    with acting_as(told.actor):
        assert Notification.objects.count() == 1


def test_a_rolled_back_event_tells_nobody(db, mailbox):
    vendor = build.vendor()
    with pytest.raises(RuntimeError), as_system(vendor.pk):
        member = build.manager()
        boil(vendor, member.user)
        raise RuntimeError("the database went away")

    with as_system(vendor.pk):
        assert (Notification.objects.count(), OutgoingMail.objects.count()) == (0, 0)
