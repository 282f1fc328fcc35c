"""The page of promises, for both sides, and its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.promises import clocks, permissions, queries, settings
from prm.promises.cases import MOST
from prm.promises.forms import PeriodForm, TellingForm
from prm.promises.queries import Month, Report, Row
from prm.spreadsheets import csv_file
from prm.ui import charts, formats


@require_GET
@requires(permissions.can_see)
def index(request: HttpRequest) -> HttpResponse:
    """Show what both sides promise and how they kept it in a period."""
    form, report = _report(request)
    since, until = form.period
    context = {
        "form": form,
        "report": report,
        "since": since,
        "until": until,
        "chart": _chart(report.months),
        "query": request.GET.urlencode(),
        "zone": request.profile.time_zone,
        "most": MOST,
        "sets": request.member.has(permissions.can_set),
    }
    return render(request, "promises/index.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest) -> HttpResponse:
    """Send the same figures as CSV, times in open hours."""
    form, report = _report(request)
    since, until = form.period
    head = [_("Promised by"), _("What"), _("From"), _("Until"), _("Done"), _("In time"), _("Late and open")]
    head += [_("Share in time, percent"), _("Median, open hours"), _("Nine of ten within, open hours")]
    rows = [
        *((_("Vendor"), *_cells(row, since, until)) for row in report.vendors),
        *((_("Partner"), *_cells(row, since, until)) for row in report.partners),
    ]
    return csv_file(head, rows, name="promises.csv")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_set)
def telling(request: HttpRequest) -> HttpResponse:
    """Say when promised decisions warn, and whom late ones tell."""
    row = clocks.telling()
    kept = {"revision": row.revision, **asdict(settings.shares_of(row))}
    form = TellingForm(request.POST or None, initial=kept)
    if form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            settings.change(form.shares, revision=revision, by=request.member, at=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Warnings saved"))
            return redirect("promises")
    return render(request, "promises/telling.html", {"form": form}, status=422 if form.errors else 200)


def _report(request: HttpRequest) -> tuple[PeriodForm, Report]:
    now = timezone.now()
    form = PeriodForm(request.GET, member=request.member, today=request.profile.day_of(now))
    since, until = form.period
    return form, queries.report(request.member, since, until, partner_path=form.partner_path, now=now)


def _cells(row: Row, since: Any, until: Any) -> Iterator[Any]:
    kept = row.kept
    yield from (row.kind.label, since.isoformat(), until.isoformat(), kept.done, kept.in_time, kept.open_late)
    yield "" if kept.percent is None else kept.percent
    yield from ("" if hours is None else f"{hours:.1f}" for hours in (kept.median_hours, kept.ninth_hours))


def _chart(months: tuple[Month, ...]) -> dict[str, Any] | None:
    """Return the vendor's share in time by month; months without anything to keep have no bar."""
    if not any(month.kept.counted for month in months):
        return None
    chart = charts.bars([month.kept.percent or 0 for month in months])
    rows = [(format_date(month.first, "M"), format_date(month.first, "F Y"), _in_words(month)) for month in months]
    said = "; ".join(f"{long}: {words}" for _short, long, words in rows)
    return {
        "chart": chart,
        "axis": [formats.percent(number) for number in chart.axis],
        "rows": rows,
        "summary": _("Share in time by month. %(months)s") % {"months": said},
        "heads": [_("Month"), _("Share in time")],
    }


def _in_words(month: Month) -> str:
    kept = month.kept
    if kept.percent is None:
        return _("nothing to keep")
    facts = {"percent": formats.percent(kept.percent), "in_time": kept.in_time, "counted": kept.counted}
    return _("%(percent)s, %(in_time)s of %(counted)s") % facts
