"""Quotes month by month, as two pictures side by side in one, and as a table."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from prm.ui import charts, formats, navigation
from prm.ui.navigation import Visit
from quotes import permissions
from quotes.models import PriceList
from quotes.queries import months as queries


@navigation.section
def quotes_by_month(visit: Visit) -> list[dict[str, Any]]:
    """Show the vendor what was offered and accepted in each of the last twelve months."""
    member = visit.member
    if not (member.is_vendor and member.has(permissions.can_see)):
        return []
    months = queries.by_month(member, visit.profile.currency, visit.today)
    issued = sum((month.issued.amount for month in months), start=0)
    if not issued:
        return []
    chart = charts.bars([month.issued.amount for month in months], [month.accepted.amount for month in months])
    part = {
        "chart": chart,
        "axis": [formats.number_short(number) for number in chart.axis],
        "rows": [
            (
                format_date(month.first_day, "M"),
                format_date(month.first_day, "F Y"),
                formats.money(month.issued),
                formats.money(month.accepted),
            )
            for month in months
        ],
        "summary": _summary(months),
        "heads": [_("Month"), _("Issued"), _("Accepted")],
    }
    return [{"template": "quotes/home/_by_month.html", "order": 40, **part}]


def _summary(months: list[queries.Month]) -> str:
    best = max(months, key=lambda month: month.issued.amount)
    facts = {
        "month": format_date(best.first_day, "F Y"),
        "issued": formats.money(best.issued),
        "accepted": formats.money(best.accepted),
    }
    text = _("Quotes issued and accepted per month. Most was issued in %(month)s: %(issued)s, accepted %(accepted)s.")
    return text % facts


@navigation.setup_step
def price_list(visit: Visit) -> dict[str, Any] | None:
    if not visit.member.has(permissions.can_keep_prices):
        return None
    return {
        "title": _("Publish a price list"),
        "detail": _("One for each currency you sell in; partners quote from the one in force."),
        "url": reverse("quotes:price-lists"),
        "done": PriceList.objects.all(),
        "order": 40,
    }
