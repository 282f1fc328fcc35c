"""Mail to people who have no login here: in the vendor's name, in the language they wrote in, with a secret link."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import LinkPurpose
from partners.models import Application, JoinRequest
from partners.queries import joining
from partners.services import application_links as links
from prm.accounts.links import absolute_url, letterhead
from prm.accounts.models import VendorProfile
from prm.notifications import mail
from prm.notifications.lines import one_line
from prm.tenancy.context import current_tenant_id
from prm.tenancy.models import Vendor

CONFIRM, OPEN = gettext_lazy("Confirm and send"), gettext_lazy("Open your application")


def confirm(application: Application, *, at: datetime) -> None:
    """Ask whoever reads the mail of that address whether the application is theirs."""
    tell(application, "application_confirm", at=at, label=CONFIRM)


def tell(application: Application, name: str, *, at: datetime, label: Any = OPEN, key: str = "", **facts: Any) -> None:
    """Tell the applicant; the words are `partners/mail/<name>.txt`. The button leads to the status page."""
    days = joining.pinned(application).link_days
    secret = links.issue(application, LinkPurpose.STATUS, at=at, days=days)
    _write(
        application.contact_email,
        application.language,
        name,
        {"application": application, **facts},
        url=("partners:application-status", secret),
        label=label,
        key=key,
    )


def confirm_joining(request: JoinRequest, secret: str) -> None:
    """Ask whoever reads the mail of that address whether they want to join."""
    url = ("partners:join-confirmation", secret)
    _write(request.email, request.language, "join_confirm", {"join": request}, url=url, label=_("Confirm and ask"))


def _write(
    to: str, language: str, name: str, facts: dict[str, Any], *, url: tuple[str, str], label: Any, key: str = ""
) -> None:
    vendor, profile = Vendor.objects.get(pk=current_tenant_id()), VendorProfile.objects.get()
    with ExitStack() as stack:
        stack.enter_context(translation.override(language))
        stack.enter_context(timezone.override(ZoneInfo(profile.time_zone or "UTC")))
        # Plain text: what a person called themselves must not turn into entities.
        words = get_template(f"partners/mail/{name}.txt").template.render(
            Context({**facts, "vendor": vendor}, autoescape=False)
        )
        subject, _line, text = words.strip().partition("\n")
        context = {
            "subject": one_line(subject),
            "text": text.strip(),
            "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
            "brand": letterhead(vendor, profile),
            "action_url": absolute_url(*url, vendor=vendor),
            "action_label": str(label),
        }
        mail.write(
            to=to,
            subject=context["subject"],
            text=render_to_string("partners/mail/message.txt", context).strip(),
            html=render_to_string("partners/mail/message.html", context),
            key=key,
        )
