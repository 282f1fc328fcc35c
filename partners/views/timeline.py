"""What happened to a partner, in sentences for the person who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.ui import formats

words.SUBJECTS |= {
    "achievement": _("achievement"),
    "achievements": _("achievements"),
    "figure": _("recorded figure"),
    "outlook": _("tier"),
    "partner": _("partner"),
    "program": _("program"),
    "proposal": _("proposed promotion"),
    "requirement": _("requirement"),
    "tier": _("tier"),
}
DAYS = ("on", "until", "starts_on", "held_until", "demotes_on", "effective_on")


@words.reads("partners")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the days of a payload as the reader's language writes them."""
    today = timezone.localdate()
    return {f"{name}_day": formats.day(date.fromisoformat(payload[name]), today) for name in DAYS if payload.get(name)}
