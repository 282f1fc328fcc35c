"""What differs between two versions of the programme, and what a draft would do to partners, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import Promotion
from partners.forms.numbers import written
from partners.forms.programs import advice, rhythms
from partners.rules import checking, differences
from partners.rules.differences import Change
from partners.rules.programs import ProgramTerms
from partners.rules.requirements import Group, Need, result_from
from partners.rules.tiers import Move
from partners.views import phrases
from partners.views.phrases import Phrases
from prm.ui import formats

NAMES: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "currency": gettext_lazy("Currency"),
    "promotion": gettext_lazy("Promotion"),
    "review_months": gettext_lazy("Reviews"),
    "review_from": gettext_lazy("Reviews counted from"),
    "grace_days": gettext_lazy("Days of grace"),
    "warning_days": gettext_lazy("Days ahead"),
    "rates": gettext_lazy("Exchange rates"),
    "rank": gettext_lazy("Rank"),
    "is_by_invitation": gettext_lazy("Only by invitation"),
    "discount_percent": gettext_lazy("Discount"),
    "protection_days": gettext_lazy("Days of protection"),
    "fund_share_percent": gettext_lazy("Share of marketing costs"),
}
LOOKS = {
    Move.PLACE: ("ok", "plus"),
    Move.PROMOTE: ("ok", "up"),
    Move.PROPOSE: ("info", "up"),
    Move.WARN: ("warn", "warn"),
    Move.DEMOTE: ("bad", "down"),
}


def in_words(found: Iterable[Change], before: ProgramTerms, after: ProgramTerms) -> list[dict[str, Any]]:
    """Return each change as a line: where, what, and from what to what."""
    old, new = Phrases(before.currency), Phrases(after.currency)
    return [_line(change, old, new) for change in found]


def told(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return how two stored versions differ, each change as one line."""
    old, new = ProgramTerms.from_body(before), ProgramTerms.from_body(after)
    lines = in_words(differences.between(old, new), old, new)
    return [f"{line['tier']}: {line['text']}" if line["tier"] else line["text"] for line in lines]


def _line(change: Change, old: Phrases, new: Phrases) -> dict[str, Any]:
    was, is_now = _value(change, change.before, old), _value(change, change.after, new)
    line = {"tier": change.tier, "was": was, "is_now": is_now, "icon": "edit", "name": ""}
    if change.what == "tier":
        text = _("New tier: %(name)s") if change.is_added else _("Tier removed: %(name)s")
        return line | {"text": text % {"name": is_now or was}, "icon": "plus" if change.is_added else "minus"}
    if change.what in ("need", "group"):
        if change.is_added:
            return line | {"text": _("Asks in addition: %(what)s") % {"what": is_now}, "icon": "plus"}
        if change.is_gone:
            return line | {"text": _("No longer asks: %(what)s") % {"what": was}, "icon": "minus"}
        return line | {"text": _("Asks now: %(now)s (before: %(was)s)") % {"now": is_now, "was": was}}
    facts = {"what": NAMES[change.what], "was": was, "now": is_now}
    return line | {"text": _("%(what)s: %(now)s (before: %(was)s)") % facts}


def _value(change: Change, value: Any, words: Phrases) -> str:
    match value:
        case None:
            return ""
        case Need() | Group():
            return words.sentence(value)
        case bool():
            return _("yes") if value else _("no")
        case "" if change.what in ("protection_days", "fund_share_percent"):
            return _("as usual")
        case tuple():
            rates = [f"{rate.currency} {written(rate.rate)}" for rate in value]
            return ", ".join(rates) or _("none")
        case Decimal():
            return f"{written(value)} %"
    if change.what == "review_months":
        return dict(rhythms())[value]
    if change.what == "review_from":
        return str(MONTHS[value])
    if change.what == "promotion":
        return str(Promotion(value).label)
    return str(value)


def doubts(terms: ProgramTerms) -> list[str]:
    """Return what an administrator should look at again."""
    return [advice(doubt) for doubt in checking.doubts_of(terms)]


def move(words: Phrases, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line of a preview: who, from what to what, and because of what."""
    tone, icon = LOOKS[Move(row["move"])]
    result = result_from(row["trace"]) if row["trace"] else None
    because = phrases.why(row["reasons"])
    if result is not None:
        missing = words.gaps(result.shortfalls())
        reached = "; ".join(f"{words.name(need.node)}: {words.progress(need)}" for need in _needs(result))
        because = _("Missing: %(gaps)s") % {"gaps": missing} if missing else reached or because
    return {**row, "tone": tone, "icon": icon, "text": _sentence(row), "because": because}


def _needs(result: Any) -> list[Any]:
    return [need for need in result.needs() if need.holds]


def _sentence(row: Mapping[str, Any]) -> str:
    facts = {"before": row["before"] or "–", "after": row["after"]}
    if row["until"]:
        facts["day"] = formats.day(date.fromisoformat(row["until"]), timezone.localdate())
    match Move(row["move"]):
        case Move.PLACE:
            return _("enters %(after)s") % facts
        case Move.PROMOTE:
            return _("rises from %(before)s to %(after)s") % facts
        case Move.PROPOSE:
            return _("would be proposed for %(after)s, from %(before)s") % facts
        case Move.WARN:
            return _("is warned, and leaves %(before)s at the review on %(day)s") % facts
    return _("falls from %(before)s to %(after)s") % facts
