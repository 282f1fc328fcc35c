"""Disputes in the shell and in the queue of the first page, and how the audit log reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.actions import MANAGE_PEOPLE
from prm.accounts.models import Membership
from prm.audit import words
from prm.disputes import permissions, queries, telling  # noqa: F401
from prm.disputes.models import Dispute, Status
from prm.ui import formats, navigation
from prm.ui.navigation import Group, Visit

MOST = 5
LOOKED_AT = 25  # for those that this person may decide
words.SUBJECTS["dispute"] = gettext_lazy("dispute")
navigation.page(
    gettext_lazy("Disputes"),
    "disputes",
    "dispute",
    permissions.can_decide,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=40,
)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name in ("decide_by", "answer_by"):
        if payload.get(name):
            day = formats.as_day(datetime.fromisoformat(payload[name]))
            found[f"{name}_day"] = formats.day(day, timezone.localdate())
    return found


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    return {"disputes": queries.waiting(member)} if member.has(permissions.can_decide) else {}


@navigation.attention
def attention(visit: Visit) -> list[dict[str, Any]]:
    """Return the disputes this person may decide or find somebody for, and the questions that wait for a partner."""
    member = visit.member
    if member.is_partner:
        rows = queries.waiting(member).filter(status=Status.ASKED)
        return [_row(row, visit, _("Answer"), tone="warn") for row in rows[:MOST]]
    if not member.has(permissions.can_decide):
        return []
    rows = list(queries.waiting(member).filter(status=Status.OPEN)[:LOOKED_AT])
    deciders = queries.deciders(rows, at=visit.at)
    found = []
    for row in rows:
        if not deciders[row.pk].of(member):
            found.append(_row(row, visit, _("Look at it"), tone=_tone(row, visit)))
        elif not deciders[row.pk].neutral and member.has(MANAGE_PEOPLE):
            found.append(_row(row, visit, _("Find somebody"), tone=_tone(row, visit, "warn"), is_nobodys=True))
    return found[:MOST]


def _row(dispute: Dispute, visit: Visit, action: str, *, tone: str, is_nobodys: bool = False) -> dict[str, Any]:
    until = formats.day(formats.as_day(dispute.decide_by), visit.today)
    if is_nobodys:
        title, text = (
            _("%(firm)s appeals, and nobody here may decide: %(title)s"),
            _("Promised by %(until)s. Everybody who could had a part in the decision."),
        )
    elif visit.member.is_partner:
        title, text = (
            _("%(title)s: a question about your appeal"),
            _("The promised time stands still until you answer."),
        )
    else:
        title, text = (
            _("%(firm)s appeals: %(title)s"),
            _("Promised by %(until)s, by somebody who did not decide first."),
        )
    facts = {"title": dispute.title, "firm": dispute.firm, "until": until}
    return {
        "tone": tone,
        "icon": "dispute",
        "title": title % facts,
        "text": text % facts,
        "at": dispute.decide_by,
        "url": reverse("dispute", args=[dispute.pk]),
        "action": action,
    }


def _tone(dispute: Dispute, visit: Visit, least: str = "info") -> str:
    if dispute.decide_by < visit.at:
        return "bad"
    return "warn" if dispute.decide_by < visit.end_of_today else least
