"""How allauth behaves here: nobody signs up alone, everything stays inside the vendor's portal."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from prm.notifications import mail


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin with an invitation; mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message instead of sending it inside the request."""
        message = self.render_mail(template_prefix, email, {**context, "vendor": getattr(self.request, "vendor", None)})
        html = next((body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
        mail.write(to=email, subject=message.subject, text=str(message.body), html=str(html))
