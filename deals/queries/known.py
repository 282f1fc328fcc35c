"""What is known of sales, customers and products, as rules of other areas want it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from deals.enums import KeyKind, ListKind
from deals.models import ListEntry, Sale

COLUMNS = {KeyKind.TAX_ID: "tax_key", KeyKind.DOMAIN: "domain_key", KeyKind.NAME: "name_key"}
MANY = 1000  # things of one partner that are looked back at


def sales(partner_id: UUID, today: date) -> list[dict[str, Any]]:
    """Return what a partner had sold by a day, the latest first."""
    rows = Sale.objects.standing().filter(partner=partner_id, sold_on__lte=today).select_related("customer")
    return [
        {"on": sale.sold_on, "value": sale.total, "country": sale.customer.country}
        for sale in rows.order_by("-sold_on", "-id")[:MANY]
    ]


def lists_of_customer(keys: Mapping[KeyKind, str]) -> frozenset[str]:
    """Return the lists that the vendor keeps on which a customer with these keys stands."""
    same = Q(pk__in=[])
    for kind, key in keys.items():
        same |= Q(**{COLUMNS[kind]: key})
    rows = ListEntry.objects.filter(same, list__kind=ListKind.CUSTOMERS, list__is_active=True)
    return frozenset(map(str, rows.values_list("list_id", flat=True)))


def lists_of_products(products: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Return by product the lists on which it stands."""
    rows = ListEntry.objects.filter(list__kind=ListKind.PRODUCTS, list__is_active=True, product__in=set(products))
    found: dict[UUID, set[str]] = {}
    for list_id, product_id in rows.values_list("list_id", "product_id"):
        found.setdefault(product_id, set()).add(str(list_id))
    return {product: frozenset(lists) for product, lists in found.items()}


def is_new(customer_id: UUID, today: date) -> bool:
    """Say whether nobody had sold anything to a customer before a day."""
    return not Sale.objects.standing().filter(customer=customer_id, sold_on__lt=today).exists()
