"""Where the programme's file stands in the shell, and its parts that belong to the platform."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.programme import calendars, events, permissions, promises, reasons, rules  # noqa: F401
from prm.programme.sections import SECTIONS
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(_("Program file"), "programme-files", "upload", permissions.can_exchange, group=Group.SETUP, order=90)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    names = payload.get("sections", ())
    return {"sections": [str(SECTIONS[name].label) if name in SECTIONS else name for name in names]} if names else {}
