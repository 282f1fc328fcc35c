"""The lines of a quote with what they come to now: for the editor, its live answer and its waterfalls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from prm.money import Money
from quotes.forms.quotes import LineForm, QuoteForm
from quotes.models import QuoteLine, QuoteRevision
from quotes.queries import pricing as queries
from quotes.queries.pricing import Footing, Wanted
from quotes.rules import pricing
from quotes.rules.pricing import Priced, Totals
from quotes.services import quotes
from quotes.services.quotes import Line
from quotes.views import waterfalls


@dataclass(frozen=True)
class Row:
    """A row of the form with its price, while it can be priced."""

    form: LineForm
    line: Line | None = None
    priced: Priced | None = None

    @property
    def resale(self) -> Money | None:
        """What the partner asks for one unit; nothing while it has not said."""
        if self.line is None or self.priced is None or self.line.resale is None:
            return None
        return Money(self.line.resale, self.priced.currency)

    @property
    def resale_total(self) -> Money | None:
        """What the partner asks for the line."""
        return self.resale * self.line.quantity if self.resale is not None and self.line is not None else None

    @property
    def margin(self) -> Decimal | None:
        """What stays with the partner, of a hundred of its own price, to one decimal."""
        if self.resale is None or self.priced is None:
            return None
        return margin_of(self.resale, self.priced.unit)

    @property
    def list_unit(self) -> Money | None:
        return self.priced.list_unit if self.priced else None

    @property
    def unit(self) -> Money | None:
        return self.priced.unit if self.priced else None

    @property
    def total(self) -> Money | None:
        return self.priced.total if self.priced else None

    @property
    def discounts(self) -> list[str]:
        """The names of the discounts that apply."""
        return waterfalls.kinds_of(self.priced.steps) if self.priced else []

    @property
    def product(self) -> Any:
        return self.line.product if self.line else None


def margin_of(asked: Money, paid: Money) -> Decimal | None:
    """Return how much of what is asked stays, out of a hundred, to one decimal; nothing of nothing."""
    if not asked:
        return None
    return ((asked - paid).amount * 100 / asked.amount).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Sheet:
    """All rows, and their sums."""

    revision: QuoteRevision
    footing: Footing
    form: QuoteForm

    @cached_property
    def rows(self) -> list[Row]:
        """Return the rows in their order; those that cannot be priced are there without a price."""
        self.form.lines.is_valid()
        lines = [(row, row.line) for row in self.form.lines.forms]
        good = [line for _, line in lines if line is not None]
        wanted = [Wanted(line.product, line.quantity, line.special_percent) for line in good]
        found = iter(queries.price(wanted, self.footing, listed=self.form.shelf.listed))
        rows = [Row(row, line, next(found) if line is not None else None) for row, line in lines]
        for row in rows:
            if row.priced is not None and row.priced.is_too_large:
                row.form.add_error("quantity", quotes.TooLarge(product=row.product).sentence)
        return [Row(row.form) if row.priced is not None and row.priced.is_too_large else row for row in rows]

    @property
    def has_mistakes(self) -> bool:
        return any(row.form.errors for row in self.rows)

    @cached_property
    def totals(self) -> Totals:
        priced = [row.priced for row in self.rows if row.priced is not None]
        return pricing.totals(priced, self.footing.basis.currency, tax_percent=self._tax_percent)

    @property
    def _tax_percent(self) -> Decimal:
        offer = self.form.offer
        name = offer.data.get("tax", "") if offer.is_bound else offer.initial.get("tax", "")
        tax = self.footing.terms.tax_named(name)
        return tax.percent if tax else Decimal(0)

    @property
    def has_tax(self) -> bool:
        return bool(self._tax_percent)

    @cached_property
    def resale_total(self) -> Money | None:
        """What the partner asks for all, the list price standing in where it asks no own one; nothing without any."""
        if not any(row.resale for row in self.rows):
            return None
        total = Money(Decimal(0), self.footing.basis.currency)
        for row in self.rows:
            if row.priced is not None:
                total = total + (row.resale_total or row.priced.list_total)
        return total

    @property
    def resale_margin(self) -> Decimal | None:
        return margin_of(self.resale_total, self.totals.net) if self.resale_total else None

    @cached_property
    def lines(self) -> list[QuoteLine]:
        """Return the lines as they would be stored, for whoever looks at a whole quote."""
        return [
            quotes.row_of(self.revision, position, row.line, row.priced, row.line.key)
            for position, row in enumerate(self.rows, start=1)
            if row.line is not None and row.priced is not None
        ]
