"""The lists of reasons in the shell, how the audit log reads them, and those for appeals."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.disputes import queries as disputes
from prm.policies.models import ReasonCode
from prm.reasons import lists, permissions
from prm.ui import navigation
from prm.ui.navigation import Group

words.SUBJECTS |= {"reason": _("reason"), "reasoncode": _("reason"), "reasons": _("reasons")}
navigation.page(_("Reasons"), "reasons", "returned", permissions.can_keep, group=Group.SETUP, order=57)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the list and the reasons as they are called."""
    if payload.get("area") not in lists.LISTS:
        return {}
    codes = [payload["code"]] if "code" in payload else payload.get("codes", ())
    kept = {row.code: str(row) for row in ReasonCode.objects.filter(area=payload["area"], code__in=codes)}
    names = [kept.get(code, str(ReasonCode.LABELS.get(code, code))) for code in codes]
    return {"list": str(lists.LISTS[payload["area"]].label), "reasons": ", ".join(names)}


lists.declare(disputes.APPEAL, _("An appeal"), disputes.REASONS[disputes.APPEAL], order=80)
lists.declare(disputes.OUTCOME, _("The decision on an appeal"), disputes.REASONS[disputes.OUTCOME], order=81)
