"""Where custom fields stand in the shell, and how the audit log reads what happened to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.audit import words
from prm.custom_fields import events, permissions
from prm.custom_fields import programme as file  # noqa: F401
from prm.custom_fields.kinds import KINDS
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(
    gettext_lazy("Custom fields"), "custom-fields", "edit", permissions.can_define, group=Group.SETUP, order=58
)
words.SUBJECTS |= {
    "customfield": gettext_lazy("custom field"),
    "custom_field": gettext_lazy("custom field"),
    "custom_values": gettext_lazy("values of custom fields"),
}
WHAT = {
    "label": gettext_lazy("label"),
    "help": gettext_lazy("help"),
    "type": gettext_lazy("type"),
    "section": gettext_lazy("section"),
    "is_internal": gettext_lazy("who sees it"),
    "is_required": gettext_lazy("whether it is required"),
    "required_when": gettext_lazy("when it is required"),
    "shown_when": gettext_lazy("when it is shown"),
    "options": gettext_lazy("choices"),
}


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if payload.get("kind") in KINDS:
        found["kind_name"] = KINDS[payload["kind"]].label
    if isinstance(payload.get("changes"), list):
        found["changed"] = [str(WHAT.get(name, name)) for name, _before, _after in payload["changes"]]
        found["told"] = [
            {"label": name, "before": _said(before), "after": _said(after)}
            for name, before, after in payload["changes"]
        ]
    return found


def _said(body: Any) -> str:
    """Return a stored value as a line of the log says it: choices by their keys, which never change."""
    match body:
        case None:
            return ""
        case bool():
            return _("Yes") if body else _("No")
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case list():
            return ", ".join(map(str, body))
    text = str(body)
    return text if len(text) <= 80 else f"{text[:79]}…"


__all__ = ["events"]
