"""What a new portal needs of this app."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partners import permissions
from partners.models import Partner
from partners.rules.programs import AREA
from prm.policies.models import PolicyVersion
from prm.ui import navigation
from prm.ui.navigation import Visit


@navigation.setup_step
def program(visit: Visit) -> dict[str, Any] | None:
    """Ask for the vendor's own program; the first version is the one that every portal begins with."""
    if not visit.member.has(permissions.can_edit_program):
        return None
    return {
        "title": _("Decide on your program and its tiers"),
        "detail": _("What partners have to reach for each tier, and what they get for it."),
        "url": reverse("partners:program"),
        "done": PolicyVersion.objects.filter(area=AREA, number__gt=1),
        "order": 30,
    }


@navigation.setup_step
def first_partner(visit: Visit) -> dict[str, Any] | None:
    if not visit.member.has(permissions.can_keep_joining):
        return None
    return {
        "title": _("Welcome the first partner"),
        "detail": _("Let companies apply on your public page, and approve them here."),
        "url": reverse("partners:partners"),
        "done": Partner.objects.all(),
        "order": 80,
    }
