"""Where absences stand in the shell, and how the audit log reads what happened to approvals."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.approvals import permissions
from prm.audit import words
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(_("Absences"), "absences", "calendar", permissions.can_keep_absences, group=Group.SETUP, order=64)

words.SUBJECTS |= {"absence": _("absence"), "approval": _("approval"), "standin": _("absence")}


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(payload[name]) for name in ("starts_on", "ends_on") if name in payload}
