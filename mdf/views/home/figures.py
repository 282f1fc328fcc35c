"""Marketing money in figures."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mdf import permissions
from mdf.queries import home as queries
from prm.accounts.roles import Role
from prm.ui import formats, navigation
from prm.ui.navigation import Visit


@navigation.figures
def figures(visit: Visit) -> list[dict[str, Any]]:
    """Return the partner's marketing money, or for finance where the vendor's is; others have four figures already."""
    member = visit.member
    is_marketer = member.role == Role.PARTNER_MARKETING
    if not member.has(permissions.can_see) or not (is_marketer or member.role == Role.FINANCE):
        return []
    held = queries.money(visit.profile.currency, member.partner_id)
    if held.is_empty:
        return []
    beside = ", ".join(formats.money_short(amount) for amount in held.others)
    available = _("besides %(amounts)s") % {"amounts": beside} if beside else _("to plan activities with")
    return [
        _figure(_("Available marketing money"), held.available, available),
        _figure(_("Approved, not claimed"), held.reserved, _("reserved for activities")),
    ]


def _figure(label: str, amount: Any, note: str) -> dict[str, Any]:
    return {"label": label, "figure": formats.money_short(amount), "note": note, "url": reverse("mdf:funds")}
