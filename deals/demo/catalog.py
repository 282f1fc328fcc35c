"""Turns the catalogue of a vendor of the demo into families and products."""

from __future__ import annotations

from deals.models import Product, ProductFamily
from deals.services import catalog
from deals.services.drafts import Line


def stock(table: str) -> None:
    """Add the families and products of a table."""
    family: ProductFamily | None = None
    for position, line in enumerate(table.strip().splitlines()):
        code, *cells = (cell.strip() for cell in line.split("|"))
        if code:
            name, summary = cells
            family = catalog.add_family(code, name, summary=summary, position=position)
        else:
            assert family is not None
            sku, name, unit = cells
            catalog.add_product(family, sku, name, unit=unit)


def lines(text: str) -> list[Line]:
    """Read `HE-400 x120, vault`: products with their number, or whole families."""
    return [_line(*item.split(" x")) for item in text.split(", ")]


def _line(code: str, quantity: str = "") -> Line:
    if not quantity:
        return Line(ProductFamily.objects.get(code=code))
    product = Product.objects.select_related("family").get(sku=code)
    return Line(product.family, product, int(quantity))
