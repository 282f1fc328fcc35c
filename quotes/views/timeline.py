"""What happened to a quote or an order, in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.audit import queries as audit
from prm.audit import words
from prm.comments import showing as comments
from prm.money import Money
from prm.policies.models import ReasonCode
from prm.tenancy.models import TenantModel
from prm.ui import formats
from quotes.enums import Counted

words.SUBJECTS |= {
    "price_list": _("price list"),
    "pricelist": _("price list"),
    "prices": _("prices"),
    "quote": _("quote"),
    "quoterevision": _("quote"),
    "approval": _("approval"),
    "link": _("customer’s link"),
    "offer": _("offer"),
    "order": _("order"),
}
LOOKS = {
    "requested": ("clock", "info"),
    "given": ("check", "ok"),
    "cleared": ("check", "ok"),
    "refused": ("stop", "bad"),
    "undone": ("undo", ""),
    "issued": ("check", "ok"),
    "accepted": ("check", "ok"),
    "declined": ("x", ""),
    "expired": ("clock", ""),
    "reminded": ("warn", "warn"),
    "placed": ("check", "ok"),
    "fulfilled": ("check", "ok"),
    "cancelled": ("stop", "bad"),
}


def entries(subject: TenantModel, member: Membership) -> list[dict[str, Any]]:
    """Return the timeline, oldest first; each event's sentence is the template of its name."""
    codes = ReasonCode.objects.filter(Q(area__startswith="quotes.") | Q(area__startswith="disputes."))
    written = comments.written_on(subject, member)
    happened = audit.timeline(subject, codes, written.rows)
    reasons = {reason.code: str(reason) for reason in codes}
    return [written.entry(entry.event) or _entry(entry, member, reasons) for entry in happened]


@words.reads("quotes")
def readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return days, roles and money of a payload as the reader's language writes them."""
    found: dict[str, Any] = {}
    for name in ("until", "day", "effective_on", "effective_from", "effective_until"):
        if payload.get(name):
            found[f"{name}_day"] = formats.day(date.fromisoformat(payload[name]), timezone.localdate())
    if payload.get("answer_by"):
        found["answer_day"] = formats.day(
            formats.as_day(datetime.fromisoformat(payload["answer_by"])), timezone.localdate()
        )
    for name in ("amount", "before", "after"):
        if payload.get(name) and payload.get("currency"):
            found["money" if name == "amount" else name] = formats.money(
                Money(Decimal(payload[name]), payload["currency"])
            )
    if "roles" in payload:
        asked = [*(str(Role(role).label) for role in payload["roles"]), *payload.get("steps", ())]
        found["role_names"] = ", ".join(asked)
    if payload.get("highest"):
        found["percent"] = formats.percent(Decimal(payload["highest"]))
        found["is_special"] = payload.get("counted") == Counted.SPECIAL
    return found


def _entry(entry: audit.Entry, member: Membership, reasons: dict[str, str]) -> dict[str, Any]:
    event = entry.event
    icon, tone = LOOKS.get(event.name.rpartition(".")[2], ("history", ""))
    reason = reasons.get(event.payload.get("reason_code", ""), "")
    return {
        "at": event.at,
        "text": words.sentence(event, for_vendor=member.is_vendor, reason=reason),
        "icon": icon,
        "tone": tone,
        "internal": not event.partner_path,
        "position": entry.position,
    }
