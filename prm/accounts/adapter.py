"""How allauth behaves here: nobody signs up alone, everything stays inside the vendor's portal."""

from __future__ import annotations

from contextlib import nullcontext
from html import unescape
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from prm.accounts.links import letterhead
from prm.notifications import mail
from prm.tenancy.context import as_system

SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin with an invitation; mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only pages of the address the person is on: other hosts we serve are other vendors' own domains."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what somebody could not see anyway; that they are signed in, they see.

        The words need nothing of the request, and allauth says some of them after the commit.
        """
        if message_template in SILENT:
            return
        if message_template and not message:
            message = unescape(render_to_string(message_template, message_context or {})).strip()
        super().add_message(request, level, message=message, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message instead of sending it inside the request; known and unknown addresses take equally long."""
        vendor, profile = getattr(self.request, "vendor", None), getattr(self.request, "profile", None)
        message = self.render_mail(
            template_prefix, email, {**context, "email": email, "vendor": vendor, "brand": letterhead(vendor, profile)}
        )
        html = next((body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"), "")
        with as_system(vendor.pk) if vendor else nullcontext():
            mail.write(to=email, subject=message.subject, text=str(message.body), html=str(html))
