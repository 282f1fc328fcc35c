"""What an administrator types about price lists: for whom they are, what things cost, from when on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from babel.numbers import NumberFormatError
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from deals.models import Product
from partners.enums import PartnerType
from partners.queries import partners
from prm.accounts.text import no_control_characters
from prm.money import Money
from prm.money.amounts import currencies
from prm.money.forms import LARGEST, AmountField, read_decimal, written
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch
from quotes.models import PriceList
from quotes.queries.price_lists import Priced
from quotes.rules.pricing import Break
from quotes.services.price_lists import Row

BETWEEN = re.compile(r"[;|\n]|,\s+(?=\d+\s*:)")
COMMON = ("EUR", "USD", "GBP", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK", "JPY", "KWD")
MOST_BREAKS = 12


class PriceListForm(PortalForm):
    """A price list: its name, its currency, and for whom it is."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[no_control_characters])
    currency = forms.ChoiceField(label=_("Currency"))
    types = forms.MultipleChoiceField(
        label=_("For partners of these types"),
        choices=PartnerType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for every type."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("For partners of these tiers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for every tier. The list made most closely for a partner is the one it buys from."),
    )
    is_active = forms.BooleanField(label=_("Partners buy from it"), required=False, initial=True, widget=Switch)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, currency: str, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys([currency, *COMMON, *sorted(currencies())])
        self.fields["currency"].choices = [(code, code) for code in codes]
        self.fields["tiers"].choices = [(str(tier.pk), tier.name) for tier in partners.tiers()]
        if not self.fields["tiers"].choices:
            del self.fields["tiers"]
        del self.fields["is_active" if is_new else "currency"]

    @classmethod
    def of(cls, row: PriceList, posted: Any = None) -> PriceListForm:
        """Return the form with what is kept, or with what was typed over it."""
        kept = {name: getattr(row, name) for name in ("name", "types", "is_active", "version")}
        return cls(
            posted,
            initial={**kept, "tiers": [str(tier) for tier in row.tiers]},
            currency=row.currency,
            is_new=False,
        )

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed as the service wants it."""
        found = {name: self.cleaned_data[name] for name in ("name", "types", "is_active") if name in self.cleaned_data}
        return {**found, "tiers": [UUID(tier) for tier in self.cleaned_data.get("tiers", [])]}


class BreaksField(forms.CharField):
    """Prices for quantities, such as `10: 95.00; 50: 90.00`, in the reader's way of writing numbers."""

    default_error_messages = {
        "unreadable": _("Write quantity and price, like 10: 95; 50: 90."),
        "order": _("Each larger quantity costs less for one unit, and less than the price for one."),
        "twice": _("The quantity %(quantity)s stands there twice."),
        "many": _("At most %(most)s quantities."),
    }

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(max_length=400, required=False, **kwargs)
        self.widget.attrs |= {"class": "input", "autocomplete": "off"}
        self.currency = currency

    def clean(self, value: Any) -> tuple[Break, ...]:
        """Return the breaks in their order."""
        typed = str(super().clean(value) or "")
        found = sorted((self._break(part) for part in BETWEEN.split(typed) if part.strip()), key=_quantity)
        if len(found) > MOST_BREAKS:
            raise self._refusal("many", most=MOST_BREAKS)
        for earlier, later in pairwise(found):
            if earlier.from_quantity == later.from_quantity:
                raise self._refusal("twice", quantity=later.from_quantity)
            if later.amount >= earlier.amount:
                raise self._refusal("order")
        return tuple(found)

    def _break(self, part: str) -> Break:
        quantity, colon, amount = part.partition(":")
        if not colon or not quantity.strip().isdecimal() or not 2 <= int(quantity) < 1_000_000:
            raise self._refusal("unreadable")
        return Break(int(quantity), amount_of(amount, self.currency, self._refusal("unreadable")))

    def _refusal(self, code: str, **facts: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=facts)


def _quantity(row: Break) -> int:
    return row.from_quantity


def amount_of(typed: str, currency: str, refusal: ValidationError) -> Decimal:
    """Return an amount as the reader's language or a machine writes it, or raise the refusal."""
    plain = typed.strip().replace("'", "").replace("’", "").removeprefix(currency).strip()
    try:
        amount = read_decimal(plain)
    except NumberFormatError:
        if not re.fullmatch(r"\d+(\.\d+)?", plain):
            raise refusal from None
        amount = Decimal(plain)
    if not amount.is_finite() or not 0 <= amount < LARGEST or amount != Money(amount, currency).rounded().amount:
        raise refusal
    return amount


def breaks_written(breaks: Iterable[Break], currency: str) -> str:
    """Return prices for quantities as they are typed."""
    return "; ".join(f"{row.from_quantity}: {written(Money(row.amount, currency))}" for row in breaks)


class PriceForm(PortalForm):
    """What one product costs; without a price it is not on the list."""

    def __init__(self, *args: Any, product: Product, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        self.fields["amount"] = AmountField(label=_("Price"), currency=currency, required=False)
        self.fields["breaks"] = BreaksField(label=_("Prices for quantities"), currency=currency)
        self.fields["cost"] = AmountField(label=_("Cost"), currency=currency, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, breaks = cleaned.get("amount"), cleaned.get("breaks") or ()
        if amount is None and "amount" not in self.errors and (breaks or cleaned.get("cost") is not None):
            self.add_error("amount", _("Enter the price for one unit."))
        if amount is not None and any(row.amount >= amount for row in breaks):
            self.add_error("breaks", BreaksField.default_error_messages["order"])
        return cleaned

    @property
    def row(self) -> Row | None:
        """Return what was typed, or nothing for a product that is not on the list."""
        amount, cost = self.cleaned_data.get("amount"), self.cleaned_data.get("cost")
        if amount is None:
            return None
        return Row(amount, self.cleaned_data.get("breaks") or (), cost)


class PricesForm:
    """The prices of a draft as one table."""

    def __init__(
        self, products: Iterable[Product], kept: Mapping[UUID, Priced], currency: str, posted: Any = None
    ) -> None:
        self.rows = [
            PriceForm(
                posted,
                prefix=f"p-{product.pk}",
                product=product,
                currency=currency,
                initial=_initial(kept.get(product.pk), currency),
            )
            for product in products
        ]

    def is_valid(self) -> bool:
        """Check all rows, so that all errors show at once."""
        checked = [row.is_valid() for row in self.rows]
        return all(checked)

    @property
    def mistakes(self) -> list[PriceForm]:
        return [row for row in self.rows if row.errors]

    @property
    def values(self) -> dict[UUID, Row | None]:
        return {row.product.pk: row.row for row in self.rows}


def _initial(kept: Priced | None, currency: str) -> dict[str, str]:
    if kept is None:
        return {}
    return {
        "amount": written(Money(kept.amount, currency)),
        "breaks": breaks_written(kept.breaks, currency),
        "cost": written(Money(kept.cost, currency)) if kept.cost is not None else "",
    }


class PublishForm(PortalForm):
    """From when on the prices apply, and until when if that is known."""

    effective_from = forms.DateField(label=_("Applies from"), widget=forms.DateInput)
    effective_until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Leave it empty: the version then applies until the next one starts."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_from"].widget.attrs["min"] = today.isoformat()
