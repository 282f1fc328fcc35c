"""Reads prices that were pasted or uploaded as CSV or XLSX, row by row, with what is wrong in each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import Product
from prm.files import rules, workbooks
from prm.files.rules import Unfit
from prm.money import Money
from prm.money.forms import typed_number
from prm.ui.forms import PortalForm
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


class ImportForm(PortalForm):
    """Prices pasted from a spreadsheet, or as a file; either becomes text."""

    text = forms.CharField(
        label=gettext_lazy("Paste from a spreadsheet"),
        required=False,
        max_length=600_000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Columns: SKU, price, prices for quantities, cost. A first line with these names may come in any order."
        ),
    )
    file = forms.FileField(label=gettext_lazy("Or choose a file: CSV or XLSX"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None:
            try:
                cleaned["text"] = _text_of(upload)
            except ValidationError as error:
                self.add_error("file", error)
        text = cleaned.get("text") or ""
        if not text.strip() and not self.errors:
            self.add_error("text", _("Paste the prices, or choose a file."))
        if text.count("\n") > MOST_ROWS:
            self.add_error(
                "file" if upload else "text", _("There are more than %(most)s lines. Split them.") % {"most": MOST_ROWS}
            )
        return cleaned


def _text_of(upload: Any) -> str:
    if upload.size > 600_000:
        raise ValidationError(_("The file is larger than 600 KB. Split it."))
    if rules.extension_of(upload.name) == "xlsx":
        return _text_of_workbook(upload)
    raw = upload.read()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return str(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The file is not text. Save it as CSV."))


def _text_of_workbook(upload: Any) -> str:
    """Return the first sheet as if it had been pasted, with numbers as the reader's language writes them."""
    try:
        rows = workbooks.cells(upload.name, upload, most_rows=MOST_ROWS + 2)
    except Unfit as error:
        raise ValidationError(_("This is no workbook that can be read. Save it again as XLSX, or as CSV.")) from error
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t")
    writer.writerows([cell if isinstance(cell, str) else typed_number(cell) for cell in row] for row in rows)
    return text.getvalue()


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
    numbered = enumerate(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), start=1)
    lines = [(number, cells) for number, cells in numbered if any(map(str.strip, cells))]
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


def _delimiter(text: str) -> str:
    first: Any = text.lstrip().split("\n", 1)[0]
    return next((mark for mark in ("\t", ";") if mark in first), ",")
