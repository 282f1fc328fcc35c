"""Promises in the shell, and what the platform itself promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.audit import words
from prm.disputes.models import Dispute, Status
from prm.promises import cases, kinds, permissions
from prm.promises.measures import Case
from prm.ui import formats, navigation
from prm.ui.navigation import Group

navigation.page(_("Promises"), "promises", "clock", permissions.can_see, group=Group.PROGRAM, order=70)


@words.reads("prm")
def _readable(payload: dict[str, Any]) -> dict[str, Any]:
    if "due" not in payload:
        return {}
    due, zone = datetime.fromisoformat(payload["due"]), timezone.get_current_timezone()
    return {"due_moment": formats.moment(due, timezone.localdate(), zone)}


def disputes(since: datetime, until: datetime) -> Iterator[Case]:
    rows = Dispute.objects.exclude(status=Status.WITHDRAWN)
    dates = cases.Dates("raised_at", "decide_by", "closed_at")
    return cases.of_rows(rows, since, until, waiting=Q(status=Status.OPEN), dates=dates)


kinds.vendors("prm.dispute", _("Decision on an appeal"), promised=lambda: None, cases=disputes, order=90)
kinds.partners(
    "prm.question",
    _("Answer to a question"),
    promised=lambda: None,
    cases=cases.of_questions,
    order=10,
)
