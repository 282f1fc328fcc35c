"""What the vendor's catalogue is in the file of its programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.enums import ListKind
from deals.forms.catalog import FamilyForm, ProductForm
from deals.models import NamedList, Product, ProductFamily
from deals.services import catalog, lists
from prm.accounts.text import no_control_characters
from prm.programme.sections import Row, Taking, rows
from prm.ui.forms import PortalForm


class ListedProductForm(ProductForm):
    """A product beside the code of its family; it stays in its family for good."""

    def __init__(self, wanted: Row, product: Product | None) -> None:
        super().__init__(wanted)
        self.product, self.code = product, str(wanted.get("family", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        family = ProductFamily.objects.filter(code=self.code).first()
        if family is None:
            self.add_error(None, _("There is no product family “%(code)s”.") % {"code": self.code})
        elif self.product and self.product.family_id != family.pk:
            self.add_error(None, _("A product stays in its family."))
        return {**cleaned, "family": family}


def _family_form(family: ProductFamily | None, wanted: Row) -> FamilyForm:
    return FamilyForm({"is_active": True, **wanted})


def _save_family(family: ProductFamily | None, form: FamilyForm, taking: Taking) -> None:
    if family is None:
        catalog.add_family(**form.values, by=taking.by, at=taking.at)
    else:
        catalog.change_family(family, form.values, seen=catalog.fingerprint(family), by=taking.by, at=taking.at)


def _product_form(product: Product | None, wanted: Row) -> ListedProductForm:
    return ListedProductForm({"is_active": True, "is_available": True, **wanted}, product)


def _save_product(product: Product | None, form: ListedProductForm, taking: Taking) -> None:
    if product is None:
        catalog.add_product(form.cleaned_data["family"], **form.values, by=taking.by, at=taking.at)
    else:
        catalog.change_product(product, form.values, seen=catalog.fingerprint(product), by=taking.by, at=taking.at)


def _ids(model: type[ProductFamily] | type[Product], name: str) -> Mapping[UUID, str]:
    return dict(model.objects.values_list("pk", name))


class ListForm(PortalForm):
    """The name of a list and what is on it; what stands on it is no part of a programme."""

    name = forms.CharField(max_length=120, validators=[no_control_characters])
    kind = forms.ChoiceField(choices=ListKind.choices)

    def __init__(self, wanted: Row, kept: NamedList | None) -> None:
        super().__init__(wanted)
        self.kept = kept

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if self.kept and self.kept.kind != kind:
            raise forms.ValidationError(_("A list stays of its kind."))
        return kind


def _save_list(kept: NamedList | None, form: ListForm, taking: Taking) -> None:
    if kept is None:
        lists.add(form.cleaned_data["name"], form.cleaned_data["kind"], by=taking.by, at=taking.at)


rows(
    "families",
    gettext_lazy("Product families"),
    order=20,
    keys=("code",),
    values=("code", "name", "summary", "position", "is_active"),
    kept=lambda: list(ProductFamily.objects.order_by("position", "code")),
    form=_family_form,
    save=_save_family,
    ids=lambda: _ids(ProductFamily, "code"),
)
rows(
    "products",
    gettext_lazy("Products"),
    order=30,
    keys=("sku",),
    values=("sku", "family.code", "name", "unit", "description", "is_available", "is_active"),
    kept=lambda: list(Product.objects.select_related("family").order_by("family__position", "sku")),
    form=_product_form,
    save=_save_product,
    ids=lambda: _ids(Product, "sku"),
)
rows(
    "lists",
    gettext_lazy("Lists for rules"),
    order=38,
    keys=("name",),
    values=("name", "kind"),
    kept=lambda: list(NamedList.objects.filter(is_active=True).order_by("name")),
    form=lambda kept, wanted: ListForm(wanted, kept),
    save=_save_list,
    ids=lambda: dict(NamedList.objects.values_list("pk", "name")),
)
