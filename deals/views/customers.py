"""End customers as a list and as a page, for the vendor's people only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.forms.customers import CustomerForm, CustomerList
from deals.models import EndCustomer
from deals.queries import customers as queries
from deals.queries import matching, search
from deals.services import customer_book
from deals.views import timeline
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.spreadsheets import LIMIT, csv_file
from prm.ui import stale

OPTIONS = 8
WARNED_OF = 5
MANY = 500


@require_GET
@requires(permissions.can_see_customers)
def listing(request: HttpRequest) -> HttpResponse:
    """List the customers."""
    found = CustomerList(request.GET, EndCustomer.objects.standing())
    context = {"listing": found, "can_keep": request.member.has(permissions.can_keep_customers)}
    return render(request, "deals/customers/list.html", context)


@require_GET
@requires(permissions.can_see_customers)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    found = CustomerList(request.GET, EndCustomer.objects.standing()).matching.select_related("parent")
    head = [
        _("Name"), _("Other names"), _("Website"), _("Other websites"), _("Tax or register number"), _("Country"),
        _("State or province"), _("City"), _("Postcode"), _("Street"), _("Telephone"), _("Belongs to"),
        _("Registrations"), _("Has bought"), _("May be the same"), _("First seen"),
    ]  # fmt: skip
    return csv_file(head, _cells(found.order_by("name", "pk")[:LIMIT]), name="customers.csv")


def _cells(found: Any) -> Iterator[tuple[Any, ...]]:
    waiting: list[EndCustomer] = []
    for customer in found.iterator(chunk_size=MANY):
        waiting.append(customer)
        if len(waiting) == MANY:
            yield from map(_cells_of, queries.rows(waiting))
            waiting = []
    yield from map(_cells_of, queries.rows(waiting))


def _cells_of(row: queries.Row) -> tuple[Any, ...]:
    known = row.customer
    return (
        known.name,
        "; ".join(known.other_names),
        known.website,
        "; ".join(known.other_websites),
        *(known.tax_id, known.country, known.state, known.city, known.postcode, known.address, known.phone),
        known.parent.name if known.parent else "",
        row.registrations,
        _("yes") if row.is_buyer else "",
        row.lookalikes,
        known.first_seen_at.date().isoformat(),
    )


@require_GET
@requires(permissions.can_see_customers)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything that is known of a customer."""
    customer = find(pk)
    can_keep = request.member.has(permissions.can_keep_customers)
    context = {
        "dossier": queries.dossier_of(customer),
        "customer": customer,
        "timeline": timeline.entries_of_customer(customer),
        "can_keep": can_keep,
        "can_change": can_keep and customer.merged_into_id is None,
    }
    return render(request, "deals/customers/detail.html", context)


@require_GET
@requires(permissions.can_see_customers)
def related(request: HttpRequest, pk: UUID) -> HttpResponse:
    """List the companies that seem to belong to a customer: sisters, subsidiaries, parents, other places."""
    customer = find(pk)
    context = {"customer": customer, "related": queries.relatives_of(customer)}
    return render(request, "deals/customers/related.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_customers)
def new(request: HttpRequest) -> HttpResponse:
    """Write a customer down; before that, say whom it looks like."""
    form = CustomerForm(request.POST or None, options_url=reverse("deals:customer-options"))
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "anyway":
            context["alike"] = _alike(form)
        if not context.get("alike"):
            try:
                customer = customer_book.add(form.values, by=request.member, at=timezone.now())
                messages.success(request, _("%(name)s saved") % {"name": customer.name})
                return redirect("deals:customer", customer.pk)
            except customer_book.NumberTaken as refusal:
                form.add_error("external_id", refusal.sentence)
    is_refused = bool(form.errors or context.get("alike"))
    return render(request, "deals/customers/form.html", context, status=422 if is_refused else 200)


def _alike(form: CustomerForm) -> list[matching.Match]:
    """Return whom a new customer may be, and whom it may belong to."""
    return matching.matches(EndCustomer(**form.values).facts)[:WARNED_OF]


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_customers)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is known of a customer; the check finds it accordingly at once."""
    customer, options_url = find(pk), reverse("deals:customer-options")
    if customer.merged_into_id is not None:
        return redirect("deals:customer", customer.pk)
    form = CustomerForm.of(customer, request.POST or None, options_url=options_url)
    context: dict[str, Any] = {"form": form, "customer": customer}
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            customer_book.change(customer, form.values, seen=seen, by=request.member, at=timezone.now())
            messages.success(request, _("%(name)s saved") % {"name": form.values["name"]})
            return redirect("deals:customer", customer.pk)
        except customer_book.CustomerSaved as refusal:
            now = CustomerForm.of(find(pk), options_url=options_url)
            context |= {"refusal": refusal, "differences": stale.differences(form, now)}
            form.start_over_from(find(pk))
        except customer_book.NumberTaken as refusal:
            form.add_error("external_id", refusal.sentence)
        except DomainError as refusal:
            form.add_error("parent", refusal.sentence)
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "deals/customers/form.html", context, status=422 if is_refused else 200)


@require_GET
@requires(permissions.can_keep_customers)
def options(request: HttpRequest) -> HttpResponse:
    """Answer the customers that fit what is typed, for choosing one."""
    ids = search.customers(request.GET.get("q", "")[:100].replace("\0", ""))[:OPTIONS]
    known = EndCustomer.objects.standing().in_bulk(ids)
    return render(request, "deals/customers/_options.html", {"customers": [known[pk] for pk in ids if pk in known]})


def find(pk: UUID) -> EndCustomer:
    """Return a customer, also one that was merged into another."""
    return get_object_or_404(EndCustomer.objects.select_related("parent"), pk=pk)
