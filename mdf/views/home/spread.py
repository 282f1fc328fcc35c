"""Where the money of each open fund is, as a picture and as a table, for those who answer for it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from mdf import permissions
from mdf.enums import FundStatus
from mdf.models import FundProgram
from mdf.queries import funds
from prm.accounts.roles import Role
from prm.ui import navigation
from prm.ui.navigation import Visit

SHOWN = 4


@navigation.section
def money_of_funds(visit: Visit) -> list[dict[str, Any]]:
    member = visit.member
    if member.role not in (Role.FINANCE, Role.EXECUTIVE) or not member.has(permissions.can_see_ledger):
        return []
    open_funds = FundProgram.objects.filter(status=FundStatus.OPEN).order_by("ends_on", "name", "id")[:SHOWN]
    rows = funds.rows_of(open_funds)
    if not rows:
        return []
    return [{"template": "mdf/home/_money_of_funds.html", "funds": rows, "url": reverse("mdf:funds"), "order": 30}]
