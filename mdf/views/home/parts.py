"""A partner's funds as cards, and what was approved month by month as a picture."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from mdf import permissions
from mdf.queries import funds
from mdf.queries import home as queries
from prm.accounts.roles import Role
from prm.ui import charts, formats, navigation
from prm.ui.navigation import Visit

SHOWN = 2


@navigation.section
def own_funds(visit: Visit) -> list[dict[str, Any]]:
    """Show those of a partner who ask for funds what there is and until when."""
    member = visit.member
    if not (member.is_partner and member.has(permissions.can_request)):
        return []
    shares = [share for share in funds.own_shares(member.partner_id) if share.fund.is_open][:SHOWN]
    return [{"template": "mdf/home/_own_funds.html", "shares": shares, "order": 30, "is_aside": True}] if shares else []


@navigation.section
def approved_by_month(visit: Visit) -> list[dict[str, Any]]:
    """Show what was approved in each of the last twelve months."""
    member = visit.member
    wants = member.role in (Role.FINANCE, Role.EXECUTIVE, Role.PARTNER_MARKETING)
    if not (wants and member.has(permissions.can_see)):
        return []
    found = queries.committed(visit.profile.currency, visit.today, member.partner_id)
    if found.is_empty:
        return []
    chart = charts.bars([total.amount for _month, total in found.months])
    part = {
        "chart": chart,
        "axis": [formats.number_short(number) for number in chart.axis],
        "rows": [(format_date(month, "M"), _long(month), formats.money(total)) for month, total in found.months],
        "summary": _summary(found),
        "heads": [_("Month"), _("Approved")],
    }
    return [{"template": "mdf/home/_approved.html", "order": 35, **part}]


def _summary(found: queries.Committed) -> str:
    best_month, best = max(found.months, key=lambda entry: entry[1].amount)
    facts = {
        "first": _long(found.months[0][0]),
        "last": _long(found.months[-1][0]),
        "best": _long(best_month),
        "most": formats.money(best),
    }
    return _("Marketing money approved per month, %(first)s to %(last)s. Highest in %(best)s at %(most)s.") % facts


def _long(month: date) -> str:
    return format_date(month, "F Y")
