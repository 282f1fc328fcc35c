"""What happened to a registration, in sentences for the person who reads it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.enums import Stage
from deals.events import RegistrationLeft, RegistrationReceived
from deals.forms.customers import LABELS
from deals.forms.decisions import LOOKED_AT
from deals.models import EndCustomer, Registration
from deals.rules import approvals
from prm.accounts.models import Membership
from prm.audit import queries as audit
from prm.audit import words
from prm.comments import showing as comments
from prm.custom_fields.definitions import PREFIX
from prm.custom_fields.services import CHANGED as CUSTOM
from prm.money import Money
from prm.policies.models import ReasonCode
from prm.ui import formats

words.SUBJECTS |= {
    "transfer": _("transfer"),
    "amendment": _("change of facts"),
    "checkin": _("check-in"),
    "customer": _("end customer"),
    "customerimport": _("list of customers"),
    "customers": _("list of customers"),
    "endcustomer": _("end customer"),
    "caseparty": _("conflict"),
    "conflict": _("conflict"),
    "conflictcase": _("conflict case"),
    "evidence": _("evidence"),
    "decision": _("decision"),
    "direct_opportunity": _("direct opportunity"),
    "direct_touch": _("direct touch"),
    "directopportunity": _("direct opportunity"),
    "directtouch": _("direct touch"),
    "extension": _("extension"),
    "family": _("product family"),
    "list": _("list"),
    "owner": _("owner"),
    "precedence": _("who comes first"),
    "namedlist": _("list"),
    "information": _("question and answer"),
    "product": _("product"),
    "productfamily": _("product family"),
    "protection": _("protection"),
    "registration": _("registration"),
    "research": _("research"),
    "registration_type": _("type of deal"),
    "registrationtype": _("type of deal"),
    "sale": _("sale"),
    "turn": _("turn in line"),
    "stage": _("stage"),
}
TOLD_TO_ONE = (RegistrationLeft.name, RegistrationReceived.name)
LOOKS = {
    "amended": ("edit", "info"),
    "proposed": ("edit", "info"),
    "refused": ("stop", "bad"),
    "recalled": ("undo", ""),
    "transferred": ("person", "info"),
    "received": ("person", "info"),
    "lapsed": ("clock", ""),
    "submitted": ("clock", "info"),
    "requested": ("returned", "warn"),
    "approved": ("check", "ok"),
    "rejected": ("stop", "bad"),
    "revoked": ("stop", "bad"),
    "reinstated": ("shield", "ok"),
    "reminded": ("warn", "warn"),
    "missed": ("warn", "warn"),
    "forfeited": ("clock", "bad"),
    "done": ("check", "info"),
    "won": ("check", "ok"),
    "resumed": ("undo", "info"),
    "came": ("bell", "info"),
    "undone": ("undo", ""),
    "raised": ("dispute", "info"),
    "asked": ("returned", "warn"),
    "overturned": ("dispute", "ok"),
    "upheld": ("dispute", ""),
}

LOOKS_OF_CUSTOMER = {
    "added": "plus",
    "changed": "edit",
    "merged": "link",
    "dissolved": "link",
    "split": "undo",
    "restored": "undo",
    "apart": "minus",
    "untold": "undo",
}


def entries(registration: Registration, member: Membership) -> list[dict[str, Any]]:
    """Return the timeline, oldest first; each event's sentence is the template of its name."""
    codes = ReasonCode.objects.filter(Q(area__startswith="deals.") | Q(area__startswith="disputes."))
    written = comments.written_on(registration, member)
    happened = audit.timeline(registration, codes, written.rows)
    if member.is_vendor:  # whose own entry says more
        happened = [entry for entry in happened if entry.event.name not in TOLD_TO_ONE]
    reasons = {reason.code: str(reason) for reason in codes}
    return [written.entry(entry.event) or _entry(entry, member, reasons) for entry in happened]


def entries_of_customer(customer: EndCustomer) -> list[dict[str, Any]]:
    """Return the timeline of a customer, oldest first; partners never see one."""
    return [
        {
            "at": entry.event.at,
            "text": words.sentence(entry.event),
            "icon": LOOKS_OF_CUSTOMER.get(entry.event.name.rpartition(".")[2], "history"),
            "position": entry.position,
        }
        for entry in audit.timeline(customer)
    ]


def names_of(fields: Iterable[str]) -> str:
    """Return what facts of a registration are called, each once; the vendor's own fields together."""
    named = dict(LOOKED_AT)
    facts = approvals.facts_in(CUSTOM if name.startswith(PREFIX) else name for name in fields)
    return ", ".join(str(named.get(name, name)) for name in facts)


@words.reads("deals")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return days, stages and money of a payload as the reader's language writes them."""
    found: dict[str, Any] = {}
    if payload.get("until"):
        found["until_day"] = formats.day(date.fromisoformat(payload["until"]), timezone.localdate())
    for name in ("due_on", "close_on", "moved_from"):
        if payload.get(name):
            found[f"{name}_day"] = formats.day(date.fromisoformat(payload[name]), timezone.localdate())
    if payload.get("until_at"):
        found["until_words"] = formats.moment(
            datetime.fromisoformat(payload["until_at"]), timezone.localdate(), timezone.get_current_timezone()
        )
    if payload.get("customer_id"):
        found["changed"] = ", ".join(str(LABELS.get(name, name)) for name in payload.get("fields", ()))
    if payload.get("amendment_id"):
        found["changed"] = names_of(name for name, _was, _is in payload.get("changes", ()))
    if payload.get("stage"):
        found["stage_name"] = Stage(payload["stage"]).label
    if payload.get("amount"):
        found["money"] = formats.money(Money(Decimal(payload["amount"]), payload["currency"]))
    return found


def _entry(entry: audit.Entry, member: Membership, reasons: dict[str, str]) -> dict[str, Any]:
    event = entry.event
    reason = reasons.get(event.payload.get("reason_code", ""), "")
    text = words.sentence(event, for_vendor=member.is_vendor, reason=reason)
    icon, tone = LOOKS.get(event.name.rpartition(".")[2], ("history", ""))
    return {
        "at": event.at,
        "text": text,
        "icon": icon,
        "tone": tone,
        "internal": not event.partner_path,
        "position": entry.position,
    }
