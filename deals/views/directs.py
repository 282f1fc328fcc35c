"""What the vendor works at itself: opportunities and touches as lists, logged by hand or brought as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.enums import TouchKind
from deals.forms import direct_import
from deals.forms.direct_import import Imported
from deals.forms.directs import NewOpportunityForm, OpportunityForm, OpportunityList, TouchForm, TouchList
from deals.models import DirectOpportunity, DirectTouch, ProductFamily
from deals.queries.terms import today_of_vendor
from deals.services import directs
from deals.services.directs import AnotherCustomers, Opportunity
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.files.pasted import PastedForm
from prm.spreadsheets import csv_file
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_see_direct)
def opportunities(request: HttpRequest) -> HttpResponse:
    """List the opportunities of the vendor."""
    rows = DirectOpportunity.objects.select_related("customer")
    families = dict(ProductFamily.objects.values_list("pk", "name"))
    listing = OpportunityList(request.GET, rows)
    named = [(row, [families[pk] for pk in row.families if pk in families]) for row in listing.rows]
    context = {"listing": listing, "named": named, "views": views_of("directs"), "can_keep": _can_keep(request)}
    return render(request, "deals/directs/opportunities.html", context)


@require_GET
@requires(permissions.can_see_direct)
def touches(request: HttpRequest) -> HttpResponse:
    """List how the vendor's own people were in touch with customers."""
    listing = TouchList(request.GET, DirectTouch.objects.select_related("customer", "logged_by"))
    context = {"listing": listing, "views": views_of("touches"), "can_keep": _can_keep(request)}
    return render(request, "deals/directs/touches.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_direct)
@once
def new_opportunity(request: HttpRequest) -> HttpResponse:
    """Log an opportunity."""
    form = NewOpportunityForm(request.POST or None, today=_today(), initial={"opened_on": _today()})
    if request.method == "POST" and form.is_valid():
        facts = {"external_id": form.cleaned_data["external_id"], "by": request.member, "at": timezone.now()}
        try:
            directs.log_opportunity(form.customer, form.opportunity, **facts)
            messages.success(request, _("Opportunity logged"))
            return redirect("deals:directs")
        except DomainError as refusal:
            form.add_error("external_id" if isinstance(refusal, AnotherCustomers) else "name", refusal.sentence)
    return _form_page(request, form, title=_("Log an opportunity"), back="deals:directs")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_direct)
def opportunity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is said of an opportunity."""
    row = get_object_or_404(DirectOpportunity.objects.select_related("customer", "logged_by"), pk=pk)
    form = OpportunityForm.of(row, request.POST or None, today=_today())
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {"version": form.cleaned_data["version"], "by": request.member, "at": timezone.now()}
        try:
            directs.change_opportunity(row, form.opportunity, **facts)
            messages.success(request, _("Opportunity saved"))
            return redirect("deals:directs")
        except DomainError as refusal:
            form = OpportunityForm.of(row, today=_today())
            return _form_page(request, form, title=str(row), back="deals:directs", row=row, refusal=refusal)
    return _form_page(request, form, title=str(row), back="deals:directs", row=row)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_direct)
@once
def new_touch(request: HttpRequest) -> HttpResponse:
    """Log that somebody was in touch with a customer."""
    form = TouchForm(request.POST or None, today=_today(), initial={"happened_on": _today()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        facts: dict[str, Any] = {"note": said["note"], "by": request.member, "at": timezone.now()}
        try:
            directs.log_touch(form.customer, TouchKind(said["kind"]), said["happened_on"], **facts)
            messages.success(request, _("Touch logged"))
            return redirect("deals:touches")
        except DomainError as refusal:
            form.add_error("name", refusal.sentence)
    return _form_page(request, form, title=_("Log a touch"), back="deals:touches")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_direct)
def opportunities_from_text(request: HttpRequest) -> HttpResponse:
    """Read opportunities from a file: first what is wrong in it, then for good."""

    def log(entry: Imported) -> object:
        assert isinstance(entry.facts, Opportunity)
        facts: dict[str, Any] = {"external_id": entry.id, "by": request.member, "at": timezone.now()}
        return directs.log_opportunity(entry.customer, entry.facts, **facts)

    return _import_page(request, direct_import.opportunities, log, back="deals:directs", kind="opportunities")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_direct)
def touches_from_text(request: HttpRequest) -> HttpResponse:
    """Read touches from a file: first what is wrong in it, then for good."""

    def log(entry: Imported) -> object:
        assert isinstance(entry.facts, tuple)
        kind, day, note = entry.facts
        facts: dict[str, Any] = {"external_id": entry.id, "by": request.member, "at": timezone.now()}
        return directs.log_touch(entry.customer, kind, day, note=note, **facts)

    return _import_page(request, direct_import.touches, log, back="deals:touches", kind="touches")


def _import_page(
    request: HttpRequest,
    read: Callable[..., list[Imported]],
    log: Callable[[Imported], object],
    *,
    back: str,
    kind: str,
) -> HttpResponse:
    form = PastedForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "kind": kind, "back": reverse(back)}
    if request.method == "GET":
        return render(request, "deals/directs/import.html", context)
    if not form.is_valid():
        return render(request, "deals/directs/import.html", context, status=422)
    text = form.cleaned_data["text"]
    found = read(text, today=_today())
    good, bad = [e for e in found if not e.error], [e for e in found if e.error]
    if request.POST.get("do") == "errors":
        return _errors_file(bad)
    if request.POST.get("do") == "apply":
        refused = _log_all(good, log)
        number = len(good) - len(refused)
        messages.success(request, ngettext("%(n)s line taken over", "%(n)s lines taken over", number) % {"n": number})
        if not refused:
            return redirect(back)
        found, good, bad = refused, [], refused
    context |= {"found": found, "good": good, "bad": bad, "text": text, "form": PastedForm(initial={"text": text})}
    return render(request, "deals/directs/import.html", context)


def _log_all(rows: Iterable[Imported], log: Callable[[Imported], object]) -> list[Imported]:
    """Log each row on its own and return those that were refused, with the reason."""
    refused = []
    for entry in rows:
        try:
            log(entry)
        except DomainError as refusal:
            refused.append(Imported(entry.number, entry.id, entry.customer, error=refusal.sentence))
    return refused


def _errors_file(bad: Iterable[Imported]) -> HttpResponse:
    rows = ((entry.number, entry.id, entry.customer.name, entry.error) for entry in bad)
    head = [_("Line"), _("Id"), _("Customer"), _("What is wrong")]
    return csv_file(head, rows, name="direct-to-mend.csv", delimiter=";")


def _form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    back: str,
    row: DirectOpportunity | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse(back), "row": row, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "deals/directs/form.html", context, status=status)


def views_of(current: str) -> list[dict[str, Any]]:
    """Return the tabs of what the vendor works at itself."""
    labels = {"directs": _("Opportunities"), "touches": _("Touches"), "direct-report": _("Taken direct")}
    return [
        {"label": label, "url": reverse(f"deals:{name}"), "current": name == current} for name, label in labels.items()
    ]


def _can_keep(request: HttpRequest) -> bool:
    return bool(request.member.has(permissions.can_keep_direct))


def _today() -> date:
    return today_of_vendor(timezone.now())
