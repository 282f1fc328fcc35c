"""How people are told of what happens to marketing money (the words are templates)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from prm.accounts.models import User
from prm.events.models import Delivery, Event
from prm.money import Money
from prm.notifications.news import reason_of
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

# What a message says word for word of what was said.
QUOTED = ("note", "question", "answer", "text", "flags", "reference", "days", "days_left", "is_deemed", "deal")
DAYS = ("until", "pay_by", "paid_on")
AMOUNTS = ("amount", "asked", "netted", "rest", "kept", "counted")


def tell(
    users: Iterable[User], code: str, event: Event, page: str, pk: UUID, facts: dict[str, Any], delivery: Delivery
) -> None:
    """Tell everybody but the one who did it."""
    path = reverse(page, urlconf=URLCONF, args=[pk])
    told = list({user.pk: user for user in users if user.pk != event.by_id}.values())
    notify(told, kind=code, event=event, path=path, facts=facts | said_in(event), delivery=delivery)


def said_in(event: Event) -> dict[str, Any]:
    """Return what an event said, with money, days and reasons as such."""
    said = event.payload
    facts: dict[str, Any] = {name: said[name] for name in QUOTED if name in said}
    facts |= {name: date.fromisoformat(said[name]) for name in DAYS if said.get(name)}
    if said.get("answer_by"):
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    if said.get("currency"):
        facts |= {name: Money(abs(Decimal(said[name])), said["currency"]) for name in AMOUNTS if said.get(name)}
    if said.get("amount"):
        facts["is_less"] = said["amount"].startswith("-")
    if said.get("reason_code"):
        facts["reason"] = reason_of(said["reason_code"], "mdf")
    return facts
