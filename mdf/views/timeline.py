"""What happened to a request, in sentences for the person who reads it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdf.models import Claim, FundRequest, PaymentBatch
from prm.accounts.models import Membership
from prm.audit import queries as audit
from prm.audit import words
from prm.comments import showing as comments
from prm.money import Money
from prm.policies.models import ReasonCode
from prm.ui import formats

words.SUBJECTS |= {
    "activity_type": _("kind of activity"),
    "activitytype": _("kind of activity"),
    "allocation": _("allocation"),
    "batch": _("payment batch"),
    "claim": _("claim"),
    "claim_extension": _("more time to claim"),
    "claim_file": _("file of a claim"),
    "claim_line": _("cost of a claim"),
    "paymentbatch": _("payment batch"),
    "balance": _("balance"),
    "fund": _("fund"),
    "fund_budget": _("budget of a fund"),
    "fund_request": _("fund request"),
    "fund_terms": _("fund terms"),
    "fundallocation": _("allocation"),
    "fundprogram": _("fund"),
    "fundrequest": _("fund request"),
}
LOOKS = {
    "submitted": ("clock", "info"),
    "asked": ("returned", "warn"),
    "approved": ("check", "ok"),
    "agreed": ("check", ""),
    "rejected": ("stop", "bad"),
    "reminded": ("warn", "warn"),
    "completed": ("check", "ok"),
    "undone": ("undo", ""),
    "lapsed": ("clock", ""),
    "paid": ("check", "ok"),
    "scheduled": ("clock", "info"),
    "reclaimed": ("stop", "bad"),
    "returned": ("returned", "warn"),
    "raised": ("dispute", "info"),
    "overturned": ("dispute", "ok"),
    "upheld": ("dispute", ""),
}


def entries(subject: FundRequest | Claim | PaymentBatch, member: Membership) -> list[dict[str, Any]]:
    """Return the timeline, oldest first; each event's sentence is the template of its name."""
    codes = ReasonCode.objects.filter(Q(area__startswith="mdf.") | Q(area__startswith="disputes."))
    written = comments.written_on(subject, member)
    happened = audit.timeline(subject, codes, written.rows)
    reasons = {reason.code: str(reason) for reason in codes}
    return [written.entry(entry.event) or _entry(entry, member, reasons) for entry in happened]


@words.reads("mdf")
def readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return days and money of a payload as the reader's language writes them."""
    found: dict[str, Any] = {}
    for name in ("until", "effective_on", "pay_by", "paid_on"):
        if payload.get(name):
            found[f"{name}_day"] = formats.day(date.fromisoformat(payload[name][:10]), timezone.localdate())
    currency = payload.get("currency")
    plain = ("amount", "asked", "kept", "counted", "more", "netted", "rest")
    amounts = (*plain, *(["was"] if "fund_id" in payload else []))
    for name in amounts:
        if currency and payload.get(name):
            found[f"{name}_money"] = formats.money(Money(abs(Decimal(payload[name])), currency))
    if payload.get("amount"):
        found["is_less"] = payload["amount"].startswith("-")
        found["is_part"] = bool(payload.get("asked")) and Decimal(payload["asked"]) > Decimal(payload["amount"])
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
