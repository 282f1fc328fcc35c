"""People who apply and people who ask to join, made through the services; say only what matters to the test."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import count
from typing import Any

from partners.enums import LinkPurpose, PartnerType
from partners.models import Application, JoinRequest
from partners.services import application_decisions as decisions
from partners.services import application_links, applications, join_requests
from partners.services.application_decisions import Placement
from partners.services.applications import Content
from prm.accounts.models import Membership
from prm.notifications.models import OutgoingMail
from tests.build import MONDAY, manager

_serial = count(1)
ANSWERS = {
    "business": "reseller",
    "staff": 24,
    "sellers": 6,
    "markets": "Krankenhäuser, Norddeutschland",
    "revenue": "some",
    "support": True,
    "first_deal": True,
}


def content(**facts: Any) -> Content:
    """A complete form; every company is another one unless the test says otherwise."""
    serial = next(_serial)
    answers = facts.pop("answers", ANSWERS)
    return Content(
        {
            "company_name": f"Applicant {serial} GmbH",
            "website": f"applicant{serial}.example",
            "country": "DE",
            "city": "Kiel",
            "address": "Hafenstraße 4, 24103",
            "tax_id": "",
            "contact_name": "Ida Holm",
            "contact_email": f"ida@applicant{serial}.example",
            **facts,
        },
        answers,
    )


def started(type: PartnerType = PartnerType.RESELLER, *, at: datetime = MONDAY) -> tuple[Application, str]:
    """A draft and its secret."""
    return applications.start(type, language="en", at=at)


def sent(*, at: datetime = MONDAY, type: PartnerType = PartnerType.RESELLER, **facts: Any) -> Application:
    """Complete, but nobody confirmed the address."""
    return applications.send(started(type, at=at)[0], content(**facts), at=at)


def applied(*, at: datetime = MONDAY, type: PartnerType = PartnerType.RESELLER, **facts: Any) -> Application:
    """Waiting for a decision."""
    return applications.confirm(sent(at=at, type=type, **facts), at=at)


def asked(
    *,
    fields: tuple[str, ...] = ("city", "q_staff"),
    by: Membership | None = None,
    at: datetime = MONDAY,
    **facts: Any,
) -> Application:
    row = applied(at=at, **facts)
    return decisions.ask(row, question="Who sells?", fields=fields, by=by or manager(), at=at)


def placement(application: Application, **facts: Any) -> Placement:
    """What an approval says, as the form suggests it."""
    said = {
        "type": PartnerType(application.type),
        "admin_name": application.contact_name,
        "admin_email": application.contact_email,
        **facts,
    }
    return Placement(**said)


def joined(application: Application | None = None, *, by: Membership | None = None, **facts: Any) -> Application:
    """An application that became a partner."""
    application = application or applied(**facts)
    return decisions.approve(application, placement(application), by=by or manager(), at=MONDAY)


def wish(*, at: datetime = MONDAY, is_confirmed: bool = True, **facts: Any) -> JoinRequest:
    """Somebody who wants to join a company."""
    serial = next(_serial)
    said = {
        "name": "Jonas Weber",
        "email": f"jonas{serial}@elsewhere{serial}.example",
        "company_name": f"Elsewhere {serial}",
        "website": "",
        "country": "DE",
        "message": "I sell here.",
        "language": "en",
        **facts,
    }
    request = join_requests.ask(**said, at=at)
    return join_requests.confirm(request, at=at) if is_confirmed else request


def link_in_mail_to(email: str) -> str:
    """The address that the latest mail leads to, without the site."""
    letter = OutgoingMail.objects.filter(to=email).order_by("-written_at", "-id").first()
    assert letter is not None
    return re.findall(r"https?://[^/]+(/\S+)", letter.text)[-1]


def secret_of(application: Application, purpose: LinkPurpose = LinkPurpose.STATUS) -> str:
    """A secret that opens an application."""
    return application_links.issue(application, purpose, at=MONDAY, days=180)
