"""Keeping the vendor's catalog. What was ever registered stays; what is no longer sold is set inactive."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Model

from deals.events import FamilyAdded, FamilyChanged, ProductAdded, ProductChanged
from deals.models import Product, ProductFamily
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

FAMILY = ("code", "name", "summary", "position", "is_active")
PRODUCT = ("sku", "name", "unit", "description", "is_available", "is_active")


class CodeTaken(DomainError):
    """Another family has this code."""


class SkuTaken(DomainError):
    """Another product of the vendor has this SKU."""


class CatalogChanged(DomainError):
    """Somebody saved the family or product after this form was opened."""


@service
def add_family(
    code: str,
    name: str,
    *,
    summary: str = "",
    position: int | None = None,
    is_active: bool = True,
    by: Membership | None = None,
    at: datetime | None = None,
) -> ProductFamily:
    """Add a product family that partners can register deals for, at the end unless a position says otherwise.

    Raises `CodeTaken`.
    """
    family = ProductFamily(code=code, name=name, summary=summary, position=position or 0, is_active=is_active)
    if position is None:
        family.position = (ProductFamily.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    _insert(family, CodeTaken(code=code))
    if by is not None:  # stocking a new vendor by program is no news
        record(FamilyAdded(family_id=family.pk, family=family.name), on=family, by=by, at=at)
    return family


@service
def add_product(
    family: ProductFamily,
    sku: str,
    name: str,
    *,
    unit: str,
    description: str = "",
    is_available: bool = True,
    is_active: bool = True,
    by: Membership | None = None,
    at: datetime | None = None,
) -> Product:
    """Add a product to a family; raises `SkuTaken`, because the SKU is unique at the vendor."""
    product = Product(
        family=family,
        sku=sku,
        name=name,
        unit=unit,
        description=description,
        is_available=is_available,
        is_active=is_active,
    )
    _insert(product, SkuTaken(sku=sku))
    if by is not None:
        record(ProductAdded(product_id=product.pk, product=product.name), on=product, by=by, at=at)
    return product


@service
def change_family(
    family: ProductFamily, values: Mapping[str, Any], *, seen: str, by: Membership, at: datetime
) -> ProductFamily:
    """Save a family; `seen` is the fingerprint of what the person began with. Raises `CatalogChanged`, `CodeTaken`."""
    family = ProductFamily.objects.locked(family.pk)
    changed = _apply(family, FAMILY, values, seen, CodeTaken(code=values["code"]))
    if changed:
        record(FamilyChanged(family_id=family.pk, family=family.name, fields=changed), on=family, by=by, at=at)
    return family


@service
def change_product(product: Product, values: Mapping[str, Any], *, seen: str, by: Membership, at: datetime) -> Product:
    """Save a product; `seen` is the fingerprint of what the person began with. Raises `CatalogChanged`, `SkuTaken`."""
    product = Product.objects.locked(product.pk)
    changed = _apply(product, PRODUCT, values, seen, SkuTaken(sku=values["sku"]))
    if changed:
        record(ProductChanged(product_id=product.pk, product=product.name, fields=changed), on=product, by=by, at=at)
    return product


def fingerprint(row: ProductFamily | Product) -> str:
    """Return a text that changes whenever one of the values that people edit does."""
    names = FAMILY if isinstance(row, ProductFamily) else PRODUCT
    return hashlib.sha256("\0".join(str(getattr(row, name)) for name in names).encode()).hexdigest()[:32]


def _apply(
    row: Any, names: tuple[str, ...], values: Mapping[str, Any], seen: str, taken: DomainError
) -> tuple[str, ...]:
    if fingerprint(row) != seen:
        raise CatalogChanged
    changed = tuple(name for name in names if name in values and getattr(row, name) != values[name])
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        _guarded(lambda: row.save(update_fields=changed), taken)
    return changed


def _insert(row: Model, taken: DomainError) -> None:
    _guarded(lambda: row.save(force_insert=True), taken)


def _guarded(save: Any, taken: DomainError) -> None:
    """The database decides whether a code is free: two people may take it at once."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        if not any(name in str(error) for name in ("family_codes_differ", "skus_differ")):
            raise
        raise taken from error
