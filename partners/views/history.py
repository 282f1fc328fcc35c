"""What happened to a partner, in sentences for the person who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerType, TaskKind
from partners.events import NoteWritten
from partners.models import Partner
from partners.queries import timeline
from prm.accounts.models import Membership
from prm.audit import words
from prm.events.models import Event
from prm.ui import formats

words.SUBJECTS |= {
    "agreement": _("agreement"),
    "agreementtext": _("agreement"),
    "bank": _("bank details"),
    "certificate": _("certificate"),
    "certification": _("certification"),
    "checklist": _("onboarding checklist"),
    "checklisttask": _("onboarding task"),
    "checklisttemplate": _("onboarding checklist"),
    "identity": _("name and tax number"),
    "note": _("internal note"),
    "achievement": _("achievement"),
    "achievements": _("achievements"),
    "figure": _("recorded figure"),
    "outlook": _("tier"),
    "partner": _("partner"),
    "program": _("program"),
    "proposal": _("proposed promotion"),
    "requirement": _("requirement"),
    "task": _("onboarding task"),
    "text": _("agreement"),
    "tier": _("tier"),
}
DAYS = ("on", "until", "starts_on", "held_until", "demotes_on", "effective_on")
LOOKS = {
    "warned": ("warn", "warn"),
    "secured": ("check", "ok"),
    "accepted": ("check", "ok"),
    "activated": ("check", "ok"),
    "confirmed": ("check", "ok"),
    "declined": ("x", "warn"),
    "returned": ("returned", "warn"),
    "suspended": ("stop", "bad"),
    "terminated": ("stop", "bad"),
    "revoked": ("stop", "bad"),
}


def entries(partner: Partner, member: Membership) -> list[dict[str, Any]]:
    """Return the timeline, oldest first; internal notes reach the vendor's own people only."""
    return [_entry(event, member) for event in timeline.of_partner(partner)]


@words.reads("partners")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the names of tasks and types and the days in the reader's language."""
    today = timezone.localdate()
    days = {name: date.fromisoformat(payload[name]) for name in DAYS if payload.get(name)}
    found: dict[str, Any] = {f"{name}_day": formats.day(day, today) for name, day in days.items()}
    if "task" in payload:
        found["task_name"] = payload["task"] or TaskKind(payload["kind"]).label
    if "partner_type" in payload:
        found["type_name"] = PartnerType(payload["partner_type"]).label
    return found


def _entry(event: Event, member: Membership) -> dict[str, Any]:
    who = event.by.name if event.by else ""
    is_internal = not event.partner_path
    if event.name == NoteWritten.name:
        return {"at": event.at, "who": who, "text": event.payload["text"], "internal": is_internal}
    icon, tone = LOOKS.get(event.name.rpartition(".")[2], ("history", ""))
    text = words.sentence(event, for_vendor=member.is_vendor)
    return {"at": event.at, "text": text, "icon": icon, "tone": tone, "internal": is_internal}
