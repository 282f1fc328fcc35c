"""What the vendor's catalogue is in the file of its programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.enums import ListKind
from deals.forms.catalog import FamilyForm, ProductForm
from deals.forms.lists_kept import EntryForm, NewListForm
from deals.forms.types import TypeForm
from deals.models import ListEntry, NamedList, Product, ProductFamily, RegistrationType
from deals.queries import types as type_queries
from deals.services import catalog, lists, types
from prm.policies.values import Path
from prm.programme.sections import Taking, rows, section


class ListedProductForm(ProductForm):
    """A product beside the code of its family; it stays in its family for good."""

    kept: Product | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        code = str(self.data.get("family", ""))
        family = ProductFamily.objects.filter(code=code).first()
        if family is None:
            self.add_error(None, _("There is no product family “%(code)s”.") % {"code": code})
        elif self.kept and self.kept.family_id != family.pk:
            self.add_error(None, _("A product stays in its family."))
        return {**cleaned, "family": family}


def _save_family(family: ProductFamily | None, form: FamilyForm, taking: Taking) -> None:
    if family is None:
        catalog.add_family(**form.values, by=taking.by, at=taking.at)
    else:
        catalog.change_family(family, form.values, seen=catalog.fingerprint(family), by=taking.by, at=taking.at)


def _save_product(product: Product | None, form: ListedProductForm, taking: Taking) -> None:
    if product is None:
        catalog.add_product(form.cleaned_data["family"], **form.values, by=taking.by, at=taking.at)
    else:
        catalog.change_product(product, form.values, seen=catalog.fingerprint(product), by=taking.by, at=taking.at)


class ListForm(NewListForm):
    """A list without what stands on it."""

    kept: NamedList | None = None

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.kept and self.kept.kind != kind:
            raise forms.ValidationError(_("A list stays of its kind."))
        return kind


def _save_list(kept: NamedList | None, form: ListForm, taking: Taking) -> None:
    if kept is None:
        lists.add(form.cleaned_data["name"], form.cleaned_data["kind"], by=taking.by, at=taking.at)


ENTRY = ("list", "product", "name", "website", "tax_id", "country")


def _entries(on: date) -> list[dict[str, str]]:
    """Return what stands on the lists, list by list."""
    found = ListEntry.objects.filter(list__is_active=True).select_related("list", "product")
    return [
        {"list": row.list.name, "product": row.product.sku}
        if row.product
        else {"list": row.list.name} | {name: value for name in ENTRY[2:] if (value := getattr(row, name))}
        for row in found.order_by("list__name", "name", "website", "tax_id", "product__sku", "id")
    ]


def _take_entries(wanted: Any, path: Path, taking: Taking) -> None:
    """Put on the lists what is not there yet; what a file does not name stays."""
    if not taking.is_list(wanted, path):
        return
    lists_by_name = {row.name: row for row in NamedList.objects.filter(is_active=True)}
    products = {row.sku: row for row in Product.objects.all()}
    found: dict[str, list[EntryForm]] = {}
    before = len(taking.problems)
    for number, body in enumerate(wanted):
        place = (*path, number)
        if not taking.is_mapping(body, place, ENTRY) or not taking.fits(body, place):
            continue
        form = EntryForm(dict(body), lists=lists_by_name, products=products)
        if form.is_valid():
            found.setdefault(form.cleaned_data["list"], []).append(form)
        for name, errors in form.errors.items():
            for error in errors:
                taking.refuse((*place, name) if name in body else place, error)
    for name, forms_ in found.items() if len(taking.problems) == before else ():
        kept = lists_by_name[name]
        if kept.kind == ListKind.PRODUCTS:
            lists.add_products(
                kept, [products[form.cleaned_data["product"]] for form in forms_], by=taking.by, at=taking.at
            )
        else:
            lists.add_customers(kept, [form.customer for form in forms_], by=taking.by, at=taking.at)


def _save_type(found: RegistrationType | None, form: TypeForm, taking: Taking) -> None:
    who: dict[str, Any] = {"by": taking.by, "at": taking.at}
    if found is None:
        types.add(form.cleaned_data["code"], form.values, **who)
    else:
        types.change(found.code, form.values, seen=types.fingerprint(found), **who)


rows(
    "families",
    gettext_lazy("Product families"),
    order=20,
    keys=("code",),
    values=("code", "name", "summary", "position", "is_active"),
    kept=lambda: list(ProductFamily.objects.order_by("position", "code")),
    form=FamilyForm,
    save=_save_family,
    ids=lambda: dict(ProductFamily.objects.values_list("pk", "code")),
)
rows(
    "products",
    gettext_lazy("Products"),
    order=30,
    keys=("sku",),
    values=("sku", "family.code", "name", "unit", "description", "is_available", "is_active"),
    kept=lambda: list(Product.objects.select_related("family").order_by("family__position", "sku")),
    form=ListedProductForm,
    save=_save_product,
    ids=lambda: dict(Product.objects.values_list("pk", "sku")),
)
rows(
    "registration_types",
    gettext_lazy("Types of deals"),
    order=25,
    keys=("code",),
    values=("code", "name", "summary", "position", "is_active"),
    kept=type_queries.all_types,
    form=TypeForm,
    save=_save_type,
)
rows(
    "lists",
    gettext_lazy("Lists for rules"),
    order=38,
    keys=("name",),
    values=("name", "kind"),
    kept=lambda: list(NamedList.objects.filter(is_active=True).order_by("name")),
    form=ListForm,
    save=_save_list,
    ids=lambda: dict(NamedList.objects.values_list("pk", "name")),
)
section(
    "list_entries",
    gettext_lazy("What stands on lists"),
    order=39,
    keys=("list", "name", "website", "tax_id", "product"),
    written=_entries,
    take=_take_entries,
)
