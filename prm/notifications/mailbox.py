"""Where mail goes when no mail server is configured: into the operator's mailbox page."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid

from prm.notifications.models import MailMessage


class MailboxBackend(BaseEmailBackend):
    """Keeps each message once, by its Message-ID."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        return sum(self._keep(message) for message in messages)

    @staticmethod
    def _keep(message: EmailMessage) -> int:
        html = next((body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
        facts = {"to": ", ".join(message.to), "sender": message.from_email, "subject": message.subject}
        message_id = message.extra_headers.get("Message-ID") or make_msgid()
        MailMessage.objects.get_or_create(
            message_id=message_id, defaults={**facts, "text": str(message.body), "html": str(html)}
        )
        return 1
