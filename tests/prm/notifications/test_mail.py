from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from prm.events.models import Delivery
from prm.events.outbox import ATTEMPTS, deliver_due, retry
from prm.notifications import mail
from prm.notifications.lines import one_line, several_lines
from prm.notifications.mailbox import MailboxBackend
from prm.notifications.models import MailMessage, OutgoingMail
from tests import build

LETTER = {"to": "a@example.com", "subject": "Hello", "text": "Text"}


def test_a_message_leaves_once_with_a_stable_id(vendor, mailbox):
    mail.write(**LETTER)
    row = OutgoingMail.objects.get()

    deliver_due(vendor.pk)
    Delivery.objects.update(status="pending", leased_until=None)
    deliver_due(vendor.pk)

    assert mailbox.get().message_id == f"<{row.pk}@localhost>"
    assert OutgoingMail.objects.get().sent_at is not None


def test_the_same_key_writes_one_message(vendor, mailbox):
    for _ in range(3):
        mail.write(**LETTER, key="claim-7")
    mail.write(**LETTER, key="claim-8")

    deliver_due(vendor.pk)

    assert mailbox.count() == 2


def test_the_same_key_at_another_vendor_is_another_message(vendor):
    from prm.tenancy.context import as_system

    here = mail.id_of("x")
    with as_system(build.vendor().pk):
        assert mail.id_of("x") != here


def test_a_crash_after_sending_repeats_the_message_under_the_same_id(vendor, mailbox):
    mail.write(**LETTER)
    deliver_due(vendor.pk)
    OutgoingMail.objects.update(sent_at=None)
    Delivery.objects.update(status="pending", leased_until=None)

    deliver_due(vendor.pk)

    assert mailbox.count() == 1


@pytest.mark.parametrize(
    "subject", ["Hi\nBcc: x@example.com", "Hi\r\n\r\n<html>", "Hi\u2028Bcc: x", "Hi\x00there", "Hi\x0bBcc: x"]
)
def test_a_subject_cannot_add_headers(vendor, mailbox, subject):
    mail.write(to="a@example.com", subject=subject, text="x\x00y")
    deliver_due(vendor.pk)

    message = mailbox.get()
    assert message.subject.isprintable()
    assert message.text == "xy"


def test_an_address_cannot_add_headers(vendor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.write(to="a@example.com\nBcc: all@example.com", subject="Hi", text="x")
    deliver_due(vendor.pk)

    assert django_mail.outbox == []
    assert "newline" in Delivery.objects.get(status="pending").last_error.lower()


def test_the_sender_carries_the_vendors_name_safely(vendor, settings):
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@example.com>"
    vendor.name = 'Nord"licht\r\nBcc: <x@example.com> \u202eGmbH'

    sender = mail.sender_of(vendor)

    assert sender.endswith("<portal@example.com>")
    assert "\n" not in sender
    assert "\u202e" not in sender


def test_a_message_that_cannot_be_sent_is_tried_a_few_times_and_then_shown(vendor, settings, monkeypatch):
    settings.EMAIL_BACKEND = "prm.notifications.mailbox.MailboxBackend"

    def refuse(self, messages):
        raise ConnectionRefusedError("mail server is away")

    monkeypatch.setattr(MailboxBackend, "send_messages", refuse)
    mail.write(**LETTER)
    for hour in range(ATTEMPTS + 3):
        deliver_due(vendor.pk, now=lambda hour=hour: timezone.now() + timedelta(hours=hour))

    dead = Delivery.objects.get()
    assert (dead.status, dead.attempts) == ("dead", ATTEMPTS)
    assert dead.last_error == "ConnectionRefusedError: mail server is away"

    monkeypatch.undo()
    retry(dead.pk)
    deliver_due(vendor.pk)
    assert MailMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  a \n b ", "a b"),
        ("caf\u0065\u0301", "café"),
        ("a\u202eb\u200f", "ab"),
        ("نرم\u200cافزار", "نرم\u200cافزار"),
        ("x" * 300, "x" * 199 + "…"),
        ("\ud800a", "a"),
    ],
)
def test_a_line_holds_only_what_can_be_seen(given, shown):
    assert one_line(given) == shown


def test_several_lines_keep_their_lines():
    assert several_lines("a\r\nb\x00\u202e\tc \rd") == "a\nb\tc\nd"
