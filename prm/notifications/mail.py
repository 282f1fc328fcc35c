"""Mail: written in the transaction that causes it, sent by the worker, known by one Message-ID."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from prm.accounts.models import User
from prm.events import outbox
from prm.events.models import Delivery
from prm.notifications.models import OutgoingMail
from prm.tenancy import context
from prm.tenancy.context import as_system


def write(*, to: str, subject: str, text: str, html: str = "", user: User | None = None) -> None:
    """Queue a message; it leaves after the transaction commits, or not at all.

    Outside a vendor's portal there is no outbox to queue in: a password reset is then sent at once.
    """
    subject = " ".join(subject.split())
    tenant_id = context.current().tenant_id
    if tenant_id is None:
        _message(to, subject, text, html, "").send()
        return
    with as_system(tenant_id):
        mail = OutgoingMail(to=to, subject=subject, text=text, html=html, user=user)
        mail.save(force_insert=True)
        outbox.enqueue(send, mail.pk)


@outbox.sends
def send(mail_id: UUID, delivery: Delivery) -> None:
    """Hand a message to the mail server; its Message-ID lets the server drop a repeat after a crash."""
    with as_system(delivery.tenant_id):
        mail = OutgoingMail.objects.get(pk=mail_id)
    if mail.sent_at is None:
        _message(mail.to, mail.subject, mail.text, mail.html, f"<{mail.pk}@portal>").send()
        with as_system(delivery.tenant_id):
            OutgoingMail.objects.filter(pk=mail_id).update(sent_at=timezone.now())


def _message(to: str, subject: str, text: str, html: str, message_id: str) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id} if message_id else {}
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    if html:
        message.attach_alternative(html, "text/html")
    return message
