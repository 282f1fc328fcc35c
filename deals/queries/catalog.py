"""The catalog as people read it."""

from __future__ import annotations

from django.db.models import Prefetch

from deals.models import Product, ProductFamily


def families(*, with_inactive: bool) -> list[ProductFamily]:
    """Return the families in their order with their products, in two questions."""
    products = Product.objects.order_by("-is_active", "name", "id")
    rows = ProductFamily.objects.order_by("-is_active", "position", "name", "id")
    if not with_inactive:
        products, rows = products.filter(is_active=True), rows.filter(is_active=True)
    return list(rows.prefetch_related(Prefetch("products", queryset=products)))


def family_names() -> list[tuple[str, str]]:
    """Return id and name of each product family, for rules that are about one of them."""
    rows = ProductFamily.objects.order_by("position", "name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]
