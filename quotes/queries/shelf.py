"""What a partner can put into a quote: the products of its price list, found by what was chosen or typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from deals.models import Product
from prm.tenancy import searching
from quotes.queries import prices
from quotes.rules.pricing import ListPrice

SHOWN = 12


@dataclass(frozen=True)
class Shelf:
    """The products that a form names, and the prices of those that have one."""

    products: tuple[Product, ...] = ()
    listed: dict[UUID, ListPrice] = field(default_factory=dict)

    def find(self, chosen: str, typed: str) -> Product | None:
        """Return the product that was chosen, or the only one with this SKU or name."""
        by_id = next((product for product in self.products if str(product.pk) == chosen), None)
        if by_id is not None or not typed:
            return by_id
        wanted = typed.strip().casefold()
        named = [row for row in self.products if wanted in (row.sku.casefold(), row.name.casefold())]
        return named[0] if len(named) == 1 else None


def named_by(choices: Iterable[tuple[str, str]], version_id: UUID) -> Shelf:
    """Return the products that pairs of a chosen id and a typed text name, in two questions."""
    ids, texts = set[UUID](), set[str]()
    for chosen, typed in choices:
        try:
            ids.add(UUID(chosen))
        except ValueError:
            texts |= {typed.strip()} if typed.strip() else set()
    if not ids and not texts:
        return Shelf()
    rows = Product.objects.filter(Q(pk__in=ids) | Q(sku__in=texts) | Q(name__in=texts)).select_related("family")
    products = tuple(rows)
    return Shelf(products, prices.of_products(version_id, [product.pk for product in products]))


def matching(text: str, version_id: UUID) -> list[Product]:
    """Return products to choose from by parts of their SKU or name; the first ones while nothing is typed."""
    words = searching.words_of(text)
    rows = prices.sellable(version_id)
    found = [row for row in rows if all(word in f"{row.sku} {row.name}".lower() for word in words)]
    return found[:SHOWN]
