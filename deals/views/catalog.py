"""The vendor's catalog: everybody reads it, administrators keep it."""

from __future__ import annotations

from collections.abc import Callable
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
from deals.forms.catalog import CatalogForm, FamilyForm, ProductForm
from deals.models import Product, ProductFamily
from deals.queries import catalog as queries
from deals.services import catalog as services
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui import stale

FIELDS = {services.CodeTaken: "code", services.SkuTaken: "sku"}


@require_GET
@requires(permissions.can_see_catalog)
def catalog(request: HttpRequest) -> HttpResponse:
    """Show what partners can register deals for; administrators also see what is no longer sold."""
    can_keep = request.member.has(permissions.can_keep_catalog)
    context = {"families": queries.families(with_inactive=can_keep), "can_keep": can_keep}
    return render(request, "deals/catalog/catalog.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_catalog)
def new_family(request: HttpRequest) -> HttpResponse:
    form = FamilyForm(request.POST or None)
    return _answer(request, "family", form, lambda: services.add_family(**form.values, **_who(request)))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_catalog)
def family(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(ProductFamily.objects, pk=pk)
    form = FamilyForm.of(row, request.POST or None)

    def save() -> ProductFamily:
        return services.change_family(row, form.values, seen=form.cleaned_data["seen"], **_who(request))

    return _answer(request, "family", form, save, row=row, family=row)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_catalog)
def new_product(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(ProductFamily.objects, pk=pk)
    form = ProductForm(request.POST or None)
    return _answer(
        request, "product", form, lambda: services.add_product(row, **form.values, **_who(request)), family=row
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_catalog)
def product(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(Product.objects.select_related("family"), pk=pk)
    form = ProductForm.of(row, request.POST or None)

    def save() -> Product:
        return services.change_product(row, form.values, seen=form.cleaned_data["seen"], **_who(request))

    return _answer(request, "product", form, save, row=row, family=row.family)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.member, "at": timezone.now()}


def _answer(
    request: HttpRequest, kind: str, form: CatalogForm, save: Callable[[], Any], row: Any = None, family: Any = None
) -> HttpResponse:
    """Show the form, or save what it holds; a refusal keeps what was typed."""
    context: dict[str, Any] = {"form": form, "row": row, "family": family}
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
            messages.success(request, _("%(name)s saved") % {"name": saved.name})
            return redirect(f"{reverse('deals:catalog')}#{saved.family_id if kind == 'product' else saved.pk}")
        except services.CatalogChanged as refusal:
            now = get_object_or_404(type(row).objects, pk=row.pk)
            context |= {"refusal": refusal, "differences": stale.differences(form, type(form).of(now))}
            form.start_over_from(now)
        except DomainError as refusal:
            form.add_error(FIELDS[type(refusal)], refusal.sentence)
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, f"deals/catalog/{kind}.html", context, status=422 if is_refused else 200)
