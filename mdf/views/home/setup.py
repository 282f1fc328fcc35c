"""What a new portal needs of this app."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mdf import permissions
from mdf.models import FundProgram
from prm.ui import navigation
from prm.ui.navigation import Visit


@navigation.setup_step
def fund(visit: Visit) -> dict[str, Any] | None:
    if not visit.member.has(permissions.can_keep_funds):
        return None
    return {
        "title": _("Set up a marketing fund"),
        "detail": _("What it pays for, which share, until when; then partners may ask for it."),
        "url": reverse("mdf:funds"),
        "done": FundProgram.objects.all(),
        "order": 50,
    }
