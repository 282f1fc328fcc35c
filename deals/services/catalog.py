"""Keeping the vendor's catalogue."""

from __future__ import annotations

from deals.models import Product, ProductFamily
from prm.events.service import service


@service
def add_family(code: str, name: str, *, summary: str = "", position: int = 0) -> ProductFamily:
    """Add a product family that partners can register deals for."""
    family = ProductFamily(code=code, name=name, summary=summary, position=position)
    family.save(force_insert=True)
    return family


@service
def add_product(family: ProductFamily, sku: str, name: str, *, unit: str) -> Product:
    """Add a product to a family; the SKU is unique at the vendor."""
    product = Product(family=family, sku=sku, name=name, unit=unit)
    product.save(force_insert=True)
    return product
