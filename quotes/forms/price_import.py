"""Reads prices that were pasted or uploaded as CSV or XLSX, row by row, with what is wrong in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import Product
from prm.files.pasted import PastedForm, rows_of
from prm.money import Money
from prm.money.forms import typed_number
from quotes.forms.price_lists import BreaksField, amount_of
from quotes.queries.price_lists import Priced
from quotes.services.price_lists import Row

MOST_ROWS = 5000
COLUMNS = ("sku", "price", "breaks", "cost")
NAMES = {
    "sku": "sku",
    "artikelnummer": "sku",
    "article": "sku",
    "price": "price",
    "list price": "price",
    "preis": "price",
    "listenpreis": "price",
    "prices for quantities": "breaks",
    "quantity prices": "breaks",
    "mengenpreise": "breaks",
    "staffelpreise": "breaks",
    "cost": "cost",
    "kosten": "cost",
}


class ImportForm(PastedForm):
    """Prices pasted from a spreadsheet, or as a file; either becomes text."""

    most_rows = MOST_ROWS
    nothing = gettext_lazy("Paste the prices, or choose a file.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = _(
            "Columns: SKU, price, prices for quantities, cost. A first line with these names may come in any order."
        )

    def number(self, cell: Decimal) -> str:
        """Return a number as the reader's language writes it, for that is how it is read again."""
        return typed_number(cell)


@dataclass(frozen=True)
class Imported:
    """One line of the text: what it is about and what it would do, or what is wrong with it."""

    number: int
    sku: str
    product: Product | None = None
    row: Row | None = None
    before: Priced | None = None
    error: str = ""
    currency: str = ""

    @property
    def was(self) -> Money | None:
        return Money(self.before.amount, self.currency) if self.before else None

    @property
    def now(self) -> Money | None:
        return Money(self.row.amount, self.currency) if self.row else None

    @property
    def does(self) -> str:
        if self.error:
            return "bad"
        if self.row is None:
            return "empty"
        if self.before is None:
            return "new"
        same = (self.row.amount, self.row.breaks, self.row.cost) == (
            self.before.amount,
            self.before.breaks,
            self.before.cost,
        )
        return "same" if same else "changed"


def read(text: str, products: Iterable[Product], kept: Mapping[UUID, Priced], currency: str) -> list[Imported]:
    """Return the lines of a text in their order. An empty cost leaves the one that is kept."""
    by_sku = {product.sku.casefold(): product for product in products}
    lines = list(rows_of(text))
    columns, start = _columns(lines[0][1]) if lines else (list(COLUMNS), 0)
    found, seen = [], set[str]()
    for number, cells in lines[start:]:
        fields = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        sku = fields.get("sku", "")
        if sku.casefold() in seen:
            found.append(Imported(number, sku, error=_("This SKU stands further up already.")))
            continue
        seen.add(sku.casefold())
        found.append(_imported(number, fields, by_sku.get(sku.casefold()), kept, currency))
    return found


def _imported(
    number: int, fields: dict[str, str], product: Product | None, kept: Mapping[UUID, Priced], currency: str
) -> Imported:
    sku = fields.get("sku", "")
    if product is None:
        return Imported(number, sku, error=_("No product has this SKU."))
    before = kept.get(product.pk)
    if not any(fields.get(name) for name in ("price", "breaks", "cost")):
        return Imported(number, sku, product, before=before, currency=currency)
    try:
        unreadable = ValidationError(_("The price is not an amount in %(currency)s.") % {"currency": currency})
        amount = amount_of(fields.get("price", ""), currency, unreadable)
        breaks = BreaksField(currency=currency).clean(fields.get("breaks", ""))
        if any(row.amount >= amount for row in breaks):
            raise ValidationError(BreaksField.default_error_messages["order"])
        cost = before.cost if before else None
        if fields.get("cost"):
            cost = amount_of(fields["cost"], currency, ValidationError(_("The cost is not an amount.")))
    except ValidationError as error:
        return Imported(number, sku, product, before=before, error=" ".join(error.messages))
    return Imported(number, sku, product, Row(amount, breaks, cost), before, currency=currency)


def _columns(first: list[str]) -> tuple[list[str], int]:
    """Return the columns by the names in the first line, and where the prices start."""
    named = [NAMES.get(cell.strip().lstrip("\ufeff").casefold(), "") for cell in first]
    return (named, 1) if "sku" in named and "price" in named else (list(COLUMNS), 0)
