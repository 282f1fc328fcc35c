"""Mentions in the queue of the first page, and how the audit log calls what is written."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.audit import words
from prm.comments.telling import MENTIONED
from prm.notifications import queries
from prm.notifications.lines import one_line
from prm.ui import navigation
from prm.ui.navigation import Visit

words.SUBJECTS["comment"] = gettext_lazy("comment")
MOST, LENGTH = 3, 160


@navigation.attention
def mentions(visit: Visit) -> list[dict[str, Any]]:
    """Return where somebody was mentioned and has not looked yet; opening one marks it as read."""
    new = queries.new_of(visit.member).filter(kind=MENTIONED.code).order_by("-at", "-id")
    return [
        {
            "tone": "info",
            "icon": "message",
            "title": _("%(name)s mentions you: %(title)s") % {"name": row.facts["by"], "title": row.facts["title"]},
            "text": one_line(row.facts["text"])[:LENGTH],
            "url": reverse("notification-opening", args=[row.pk]),
            "action": _("Read"),
            "is_post": True,
        }
        for row in new[:MOST]
    ]
