"""What a vendor's administrator types about families and products."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from deals.models import Product, ProductFamily
from deals.services import catalog
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch

Text = {"validators": [no_control_characters]}


class CatalogForm(PortalForm):
    """A family or product; `seen` says which version of it the person started from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: ProductFamily | Product, posted: Any = None) -> CatalogForm:
        """Return the form with what is kept, or with what was typed over it."""
        kept = {name: getattr(row, name) for name in cls.names}
        return cls(posted, initial={**kept, "seen": catalog.fingerprint(row)})

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    def start_over_from(self, row: ProductFamily | Product) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = catalog.fingerprint(row)


class FamilyForm(CatalogForm):
    name = forms.CharField(label=_("Name"), max_length=120, **Text)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and lasting, for files and the API: letters, digits, -.")
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=200,
        required=False,
        help_text=_("One line that helps a partner choose this family."),
        **Text,
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        required=False,
        validators=[MaxValueValidator(9999)],
        help_text=_("Families are listed by this number. Without one, this family comes last."),
    )
    is_active = forms.BooleanField(
        label=_("Partners can register deals for it"), required=False, initial=True, widget=Switch
    )
    names = catalog.FAMILY

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed; an empty position leaves the place to the service, or as it was."""
        found = super().values
        return found if found["position"] is not None else {k: v for k, v in found.items() if k != "position"}


class ProductForm(CatalogForm):
    name = forms.CharField(label=_("Name"), max_length=160, **Text)
    sku = forms.CharField(label=_("SKU"), max_length=60, help_text=_("The number orders and price lists use."), **Text)
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("What one of it is: site, user, year."), **Text)
    description = forms.CharField(
        label=_("Description"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        validators=[no_control_characters_but_lines],
        help_text=_("What a customer should know of it."),
    )
    is_available = forms.BooleanField(
        label=_("Can be ordered now"),
        required=False,
        initial=True,
        widget=Switch,
        help_text=_("Switched off, it cannot be put into new quotes for now."),
    )
    is_active = forms.BooleanField(label=_("Partners can choose it"), required=False, initial=True, widget=Switch)
    names = catalog.PRODUCT
