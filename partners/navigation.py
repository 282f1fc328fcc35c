"""What this app adds to the shell."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import permissions
from partners.models import Partner
from partners.queries import partners, search
from prm.accounts.models import Membership
from prm.ui import navigation
from prm.ui.navigation import Group, Visit

SHOWN = 6

navigation.page(
    gettext_lazy("Partners"),
    "partners:partners",
    "partner",
    permissions.can_see_partners,
    for_partners=False,
    group=Group.PROGRAM,
    order=30,
)
navigation.page(
    gettext_lazy("Company profile"),
    "partners:company",
    "partner",
    permissions.can_see_company,
    for_vendor=False,
    group=Group.COMPANY,
    order=55,
)
navigation.page(
    gettext_lazy("Agreements"),
    "partners:agreements",
    "agreement",
    permissions.can_see_agreements,
    for_partners=False,
    group=Group.PROGRAM,
    order=34,
)
navigation.page(
    gettext_lazy("Agreements"),
    "partners:agreements",
    "agreement",
    permissions.can_see_agreements,
    for_vendor=False,
    group=Group.COMPANY,
    order=56,
)
navigation.page(
    gettext_lazy("Agreement texts"),
    "partners:agreement-texts",
    "agreement",
    permissions.can_keep_agreements,
    for_partners=False,
    group=Group.SETUP,
    order=30,
)


@navigation.search
def found(member: Membership, text: str) -> list[dict[str, Any]]:
    """Return the partners that fit, for the vendor's people."""
    if not member.has(permissions.can_see_partners):
        return []
    rows = Partner.objects.filter(pk__in=search.partners(text)).order_by("name", "id")[:SHOWN]
    return [
        {
            "group": _("Partners"),
            "label": row.name,
            "note": f"{row.get_type_display()}, {row.city}" if row.city else row.get_type_display(),
            "url": reverse("partners:partner", args=[row.pk]),
            "icon": "partner",
        }
        for row in rows
    ]


@navigation.section
def standing(visit: Visit) -> list[dict[str, Any]]:
    """Return a partner's own card: its tier, and who looks after it at the vendor."""
    if not visit.member.has(permissions.can_see_company):
        return []
    company = partners.own(visit.member, visit.today)
    return [{"template": "partners/home/_standing.html", "company": company, "is_aside": True, "order": 10}]
