"""Deals in motion and closed revenue."""

from __future__ import annotations

from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from deals import permissions
from deals.queries import home as queries
from deals.views.home import rows
from deals.views.home.rows import Row
from prm.accounts.roles import Role
from prm.ui import charts, formats, navigation
from prm.ui.navigation import Visit

ROWS = 5


@navigation.section
def deals_in_motion(visit: Visit) -> list[Row]:
    if not visit.member.has(permissions.can_see) or visit.member.role == Role.FINANCE:
        return []  # who pays looks at money, and finds the deals behind their figure
    deals = queries.in_motion(visit.member, ROWS)
    order = 70 if visit.member.role == Role.EXECUTIVE else 10  # who only reads looks at the pictures first
    facts = {"deals": deals, "url": rows.list_url("open"), "order": order}
    return [{"template": "deals/home/_in_motion.html", **facts}]


@navigation.section
def closed_revenue(visit: Visit) -> list[Row]:
    if not visit.member.has(permissions.can_see) or visit.member.role == Role.FINANCE:
        return []
    closed = visit.once(queries.closed, visit.member, visit.profile.currency, visit.today)
    if closed.is_empty:
        return []
    amounts = [total.amount for _month, total in closed.months]
    chart = charts.bars(amounts)
    part = {
        "chart": chart,
        "axis": [formats.number_short(number) for number in chart.axis],
        "rows": [(_short(month), _long(month), formats.money(total)) for month, total in closed.months],
        "summary": _summary(closed),
        "heads": [_("Month"), _("Closed revenue")],
        "others": ", ".join(formats.money(money) for money in closed.others),
    }
    return [{"template": "deals/home/_closed.html", "order": 20, **part}]


def _summary(closed: queries.Closed) -> str:
    best_month, best = max(closed.months, key=lambda entry: entry[1].amount)
    last_month, last = closed.months[-1]
    return _(
        "Closed revenue per month, %(first)s to %(last)s. Highest in %(best)s at %(most)s; %(last)s so far %(now)s."
    ) % {
        "first": _long(closed.months[0][0]),
        "last": _long(last_month),
        "best": _long(best_month),
        "most": formats.money(best),
        "now": formats.money(last),
    }


def _short(month: date) -> str:
    return format_date(month, "M")


def _long(month: date) -> str:
    return format_date(month, "F Y")
