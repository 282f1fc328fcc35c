"""What an administrator types about the lists that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from deals.enums import ListKind
from deals.models import ListEntry, NamedList, Product
from deals.rules import keys
from deals.services.lists import Customer
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing
from prm.ui.widgets import Segments

MOST_LINES = 5000
COUNTRY = 2


class NewListForm(PortalForm):
    """What a list is called and what it names."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[no_control_characters])
    kind = forms.ChoiceField(label=_("It names"), choices=ListKind.choices, widget=Segments, initial=ListKind.CUSTOMERS)


class CustomersForm(PortalForm):
    """Customers, one in a line."""

    lines = forms.CharField(
        label=_("Customers, one in each line"),
        widget=forms.Textarea,
        max_length=500_000,
        validators=[no_control_characters_but_lines],
        help_text=_("Name; website; tax number; country. What you do not know may be left out: Globex; globex.example"),
    )

    def clean_lines(self) -> list[Customer]:
        rows = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(_("At most %(most)s at once.") % {"most": MOST_LINES}, code="many")
        read = [_customer(row) for row in rows]
        wrong = [number for number, found in enumerate(read, 1) if found is None]
        if wrong:
            words = ngettext("Line %(lines)s names nobody.", "Lines %(lines)s name nobody.", len(wrong))
            raise forms.ValidationError(words % {"lines": ", ".join(map(str, wrong[:20]))}, code="nobody")
        return [found for found in read if found]


class ProductsForm(PortalForm):
    """Products of the catalogue."""

    products = forms.ModelMultipleChoiceField(label=_("Products"), queryset=Product.across_tenants.none())

    def __init__(self, *args: Any, kept: NamedList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = ListEntry.objects.filter(list=kept).values("product_id")
        self.fields["products"].queryset = Product.objects.exclude(pk__in=listed).order_by("name", "sku")  # type: ignore[attr-defined]


class EntryForm(PortalForm):
    """One line of a list as a file holds it: a customer by what is known of it, or a product by its number."""

    list = forms.CharField(max_length=120)
    product = forms.CharField(max_length=60, required=False)
    name = forms.CharField(max_length=200, required=False, validators=[no_control_characters])
    website = forms.CharField(max_length=253, required=False, validators=[no_control_characters])
    tax_id = forms.CharField(max_length=40, required=False, validators=[no_control_characters])
    country = forms.CharField(max_length=COUNTRY, min_length=COUNTRY, required=False)

    def __init__(self, row: Any, *, lists: Mapping[str, NamedList], products: Mapping[str, Product]) -> None:
        super().__init__(row)
        self.lists, self.products = lists, products

    @property
    def customer(self) -> Customer:
        name, website, tax_id, country = (self.cleaned_data[each] for each in ("name", "website", "tax_id", "country"))
        return name, website, tax_id, country.upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kept = self.lists.get(cleaned.get("list", ""))
        if self.errors:
            return cleaned
        if kept is None:
            self.add_error("list", _("There is no list “%(name)s”.") % {"name": cleaned["list"]})
        elif kept.kind == ListKind.PRODUCTS:
            if cleaned["product"] not in self.products:
                self.add_error("product", _("There is no product “%(sku)s”.") % {"sku": cleaned["product"]})
        elif cleaned["product"] or not _is_known(*self.customer):
            self.add_error("name", _("Nobody could be found by this."))
        return cleaned


class EntryFilter(FilterForm):
    """What the entries of a list can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)

    def narrow_q(self, rows: Any, text: str) -> Any:
        return rows.filter(name__icontains=text) | rows.filter(website__icontains=text)


class EntryList(Listing):
    """The entries of a list by name."""

    filters = EntryFilter
    sorts = {"name": "name"}
    first_sort = "name"


def _customer(line: str) -> Customer | None:
    """Return what a line says; nothing if no customer could be found by it."""
    parts = [part.strip() for part in line.replace("\t", ";").split(";")]
    name, website, tax_id, country = (*parts, "", "", "", "")[:4]
    if len(name) > 200 or len(website) > 253 or len(tax_id) > 40 or len(country) not in (0, COUNTRY):
        return None
    country = country.upper()
    return (name, website, tax_id, country) if _is_known(name, website, tax_id, country) else None


def _is_known(name: str, website: str, tax_id: str, country: str) -> bool:
    return bool(keys.of_customer(name=name, website=website, tax_id=tax_id, country=country))
