"""The report of deals taken direct and of decisions that came late, for executives and channel managers."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deals import permissions
from deals.queries import taken_direct
from deals.queries.taken_direct import Report, Share
from deals.views.directs import views_of
from prm.accounts.guards import requires
from prm.promises.forms import PeriodForm
from prm.spreadsheets import csv_file
from prm.ui import charts, formats

MOST_SHOWN = 50


@require_GET
@requires(permissions.can_see_direct)
def index(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period."""
    form, report = _report(request)
    since, until = form.period
    context = {
        "form": form,
        "report": report,
        "since": since,
        "until": until,
        "taken": report.taken[:MOST_SHOWN],
        "chart": _chart(report.months),
        "query": request.GET.urlencode(),
        "views": views_of("direct-report"),
    }
    return render(request, "deals/directs/report.html", context)


@require_GET
@requires(permissions.can_see_direct)
def export(request: HttpRequest) -> HttpResponse:
    """Send the figures by partner as CSV."""
    form, report = _report(request)
    since, until = form.period
    head = [_("Partner"), _("From"), _("Until"), _("Decided"), _("Taken direct"), _("Share, percent")]
    head += [_("Worth"), _("Decided late")]
    rows = (
        (
            share.label,
            since.isoformat(),
            until.isoformat(),
            share.decided,
            share.taken,
            share.percent,
            "; ".join(f"{money.amount:f} {money.currency}" for money in share.worth),
            share.late,
        )
        for share in report.partners
    )
    return csv_file(head, rows, name="taken-direct.csv")


def _report(request: HttpRequest) -> tuple[PeriodForm, Report]:
    form = PeriodForm(request.GET, member=request.member, today=request.profile.day_of(timezone.now()))
    since, until = form.period
    zone = ZoneInfo(request.profile.time_zone)
    return form, taken_direct.report(since, until, zone=zone, partner_path=form.partner_path)


def _chart(months: list[Share]) -> dict[str, Any] | None:
    """Return how many were taken direct by the month in which they were sent."""
    if not any(month.taken for month in months):
        return None
    chart = charts.bars([month.taken for month in months])
    days = [date.fromisoformat(month.label) for month in months]
    rows = [
        (format_date(day, "M"), format_date(day, "F Y"), _in_words(month))
        for day, month in zip(days, months, strict=True)
    ]
    said = "; ".join(f"{long}: {words}" for _short, long, words in rows)
    return {
        "chart": chart,
        "axis": [f"{number:.0f}" for number in chart.axis],
        "rows": rows,
        "summary": _("Deals taken direct by month. %(months)s") % {"months": said},
        "heads": [_("Month"), _("Taken direct")],
    }


def _in_words(month: Share) -> str:
    facts = {"taken": month.taken, "decided": month.decided, "percent": formats.percent(month.percent)}
    return _("%(taken)s of %(decided)s, %(percent)s") % facts
