"""The lists that a vendor keeps for its rules: named accounts, targets, excluded products."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from deals import permissions
from deals.enums import ListKind
from deals.forms.lists_kept import CustomersForm, EntryList, NewListForm, ProductsForm
from deals.models import ListEntry, NamedList
from deals.services import lists
from prm.accounts.guards import requires
from prm.events.refusals import DomainError


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_rules)
def index(request: HttpRequest) -> HttpResponse:
    """Show all lists, or start one."""
    form = NewListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.add(**form.cleaned_data, by=request.member, at=timezone.now())
            return redirect("deals:list", made.pk)
        except DomainError as refusal:
            form.add_error("name", refusal.sentence)
    numbers = dict(ListEntry.objects.order_by().values_list("list_id").annotate(number=Count("pk")))
    rows = [(row, numbers.get(row.pk, 0)) for row in NamedList.objects.order_by("name", "pk")]
    context = {"rows": rows, "form": form}
    return render(request, "deals/lists/index.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_rules)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what stands on a list, or put more on it."""
    kept = get_object_or_404(NamedList.objects, pk=pk)
    of_customers = kept.kind == ListKind.CUSTOMERS
    posted = request.POST or None
    form = CustomersForm(posted) if of_customers else ProductsForm(posted, kept=kept)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": request.member, "at": timezone.now()}
        if of_customers:
            added = lists.add_customers(kept, form.cleaned_data["lines"], **who)
        else:
            added = lists.add_products(kept, form.cleaned_data["products"], **who)
        messages.success(request, ngettext("%(number)s added", "%(number)s added", added) % {"number": added})
        return redirect("deals:list", kept.pk)
    rows = ListEntry.objects.filter(list=kept).select_related("product")
    context = {"kept": kept, "form": form, "listing": EntryList(request.GET, rows)}
    return render(request, "deals/lists/list.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_edit_rules)
def removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an entry off a list."""
    kept = get_object_or_404(NamedList.objects, pk=pk)
    try:
        entries = [UUID(value) for value in request.POST.getlist("entry")]
    except ValueError:
        entries = []
    if lists.remove(kept, entries, by=request.member, at=timezone.now()):
        messages.success(request, _("Taken off the list"))
    return redirect("deals:list", kept.pk)
