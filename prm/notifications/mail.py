"""Mail: written in the transaction that causes it, sent by the worker, known by one Message-ID."""

from __future__ import annotations

from uuid import UUID, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.utils import timezone

from prm.accounts.models import User, VendorProfile
from prm.events import outbox
from prm.events.models import Delivery
from prm.notifications.lines import one_line, several_lines
from prm.notifications.models import OutgoingMail
from prm.tenancy import context
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from prm.tenancy.models import Vendor

MACHINE = {"Auto-Submitted": "auto-generated"}  # so that no holiday notice answers it


def write(*, to: str, subject: str, text: str, html: str = "", user: User | None = None, key: str = "") -> None:
    """Queue a message; it leaves after the transaction commits, or not at all.

    A message with the same `key` is written once, however often a machine repeats what causes it.
    Outside a vendor's portal there is no outbox to queue in: a password reset is then sent at once.
    """
    subject, text, html = one_line(subject), several_lines(text), several_lines(html)
    tenant_id = context.current().tenant_id
    if tenant_id is None:
        _message(to, subject, text, html, settings.DEFAULT_FROM_EMAIL).send()
        return
    with as_system(tenant_id):
        mail = OutgoingMail(pk=id_of(key) if key else uuid7(), to=to, subject=subject, text=text, html=html, user=user)
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
        outbox.enqueue(send, mail.pk)


def id_of(key: str) -> UUID:
    """Return the id of the message with this key in the current tenant."""
    return uuid5(context.current_tenant_id(), f"mail:{key}")


@outbox.sends
def send(mail_id: UUID, delivery: Delivery) -> None:
    """Hand a message to the mail server; its Message-ID lets the server drop a repeat after a crash."""
    with as_system(delivery.tenant_id):
        mail = OutgoingMail.objects.get(pk=mail_id)
        vendor = Vendor.objects.get(pk=delivery.tenant_id)
        profile = VendorProfile.objects.first()
    if mail.sent_at is not None:
        return
    message = _message(mail.to, mail.subject, mail.text, mail.html, sender_of(vendor))
    message.extra_headers["Message-ID"] = f"<{mail.pk}@{_domain()}>"
    if profile and profile.support_email:
        message.reply_to = [profile.support_email]
    message.send()
    with as_system(delivery.tenant_id):
        OutgoingMail.objects.filter(pk=mail_id).update(sent_at=timezone.now())


def sender_of(vendor: Vendor) -> str:
    """Return the installation's address under the vendor's name."""
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    return sanitize_address((one_line(vendor.name), address), "utf-8")


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "portal"


def _message(to: str, subject: str, text: str, html: str, sender: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(subject, text, sender, [to], headers=dict(MACHINE))
    if html:
        message.attach_alternative(html, "text/html")
    return message
