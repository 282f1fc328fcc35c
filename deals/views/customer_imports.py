"""Bringing a list of customers along: upload, say what the columns mean, look at the result, take it over."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.enums import Found
from deals.forms.customer_imports import FIELDS, ColumnsForm, FileForm, LineList
from deals.models import CustomerImport, ImportedLine
from deals.services import customer_imports as services
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.spreadsheets import csv_file

LATEST = 20
MAPPED = (CustomerImport.Status.MAPPING, CustomerImport.Status.CHECKED, CustomerImport.Status.FAILED)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_customers)
def index(request: HttpRequest) -> HttpResponse:
    """Take a file, and show the lists of before."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name = request.FILES["file"].name or ""
        job = services.start(name, form.cleaned_data["file"], by=request.member, at=timezone.now())
        return redirect("deals:customer-import", job.pk)
    imports = CustomerImport.objects.defer("lines").select_related("by").order_by("-at", "-pk")[:LATEST]
    context = {"form": form, "imports": imports}
    return render(request, "deals/customer_imports/index.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_customers)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a list is and what each line turned out to be; a POST has it checked, taken over or stopped."""
    job = get_object_or_404(CustomerImport.objects.defer("lines"), pk=pk)
    typed = request.POST if request.POST.get("do") == "check" else None
    form = ColumnsForm(typed, job=job) if job.status in MAPPED else None  # it reads the whole list
    if request.method == "POST":
        try:
            if _is_done(request, job, form):
                return redirect("deals:customer-import", job.pk)
        except DomainError as refusal:
            messages.error(request, refusal.sentence)
            return redirect("deals:customer-import", job.pk)
    is_part = bool(request.htmx and request.htmx.target == "import")
    page = f"deals/customer_imports/{'_job' if is_part else 'detail'}.html"
    context = _context(request, job) | {"form": form}
    if form is not None:
        context["columns"] = form.columns
    return render(request, page, context, status=422 if form is not None and form.errors else 200)


def _is_done(request: HttpRequest, job: CustomerImport, form: ColumnsForm | None) -> bool:
    if request.POST.get("do") == "add":
        services.run(services.add(job, with_alike="with_alike" in request.POST))
        return True
    if request.POST.get("do") == "stop":
        services.stop(job)
        return True
    if form is None:
        raise services.NotNow(job=job)
    if not form.is_valid():
        return False
    cleaned = form.cleaned_data
    services.run(services.check(job, form.meanings, has_head=cleaned["has_head"], country=cleaned["country"]))
    return True


def _context(request: HttpRequest, job: CustomerImport) -> dict[str, Any]:
    if not job.is_judged:
        return {"job": job, "counts": {}}
    rows = ImportedLine.objects.filter(job=job)
    counts = dict(rows.order_by().values_list("found").annotate(number=Count("pk")))
    asked = request.GET.get("found", "")
    tabs = [("", _("All"), job.total), *((found.value, found.label, counts.get(found, 0)) for found in Found)]
    return {
        "job": job,
        "counts": counts,
        "can_go_on": services.can_go_on(job),
        "listing": LineList(request.GET, _asked(request, rows).select_related("customer", "like")),
        "views": [
            {"label": label, "url": f"?found={code}", "count": number, "current": code == asked}
            for code, label, number in tabs
        ],
    }


def _asked(request: HttpRequest, rows: QuerySet[ImportedLine]) -> QuerySet[ImportedLine]:
    found = request.GET.get("found", "")
    return rows.filter(found=found) if found in Found.values else rows


@require_GET
@requires(permissions.can_keep_customers)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send lines with what they turned out to be, ready to be mended and brought again."""
    job = get_object_or_404(CustomerImport.objects.defer("lines"), pk=pk)
    rows = _asked(request, ImportedLine.objects.filter(job=job)).select_related("customer", "like").order_by("number")
    head = [*FIELDS.values(), _("Line"), _("Result"), _("Which"), _("Why")]
    return csv_file(head, map(_cells, rows.iterator(chunk_size=500)), name="customers-checked.csv")


def _cells(line: ImportedLine) -> Iterator[Any]:
    yield from (line.facts.get(name, "") for name in FIELDS)
    yield line.number
    yield line.get_found_display()
    which = line.customer or line.like
    yield which.name if which else _("line %(number)s") % {"number": line.like_line} if line.like_line else ""
    reasons = line.likeness.evidence if line.likeness else ()
    why = (unescape(render_to_string("deals/matching/_evidence.html", {"reason": one})).strip() for one in reasons)
    yield line.get_problem_display() or " ".join(why)
