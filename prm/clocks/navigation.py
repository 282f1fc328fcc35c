"""Where calendars stand in the shell."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.clocks import events, permissions  # noqa: F401
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(
    _("Opening hours"), "calendars", "calendar", permissions.can_keep_calendars, group=Group.SETUP, order=63
)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    return {"day": date.fromisoformat(payload["day"])} if "day" in payload else {}
