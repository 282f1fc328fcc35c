"""Where rules stand in the shell."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.policies.areas import AREAS
from prm.policies.screens import events, permissions  # noqa: F401
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(_("Rules"), "rules", "rules", permissions.can_see_rules, group=Group.SETUP, order=56)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    area = AREAS.get(payload.get("area", ""))
    found: dict[str, Any] = {"area": area.label} if area else {}
    return found | ({"effective_on": date.fromisoformat(payload["effective_on"])} if "effective_on" in payload else {})
