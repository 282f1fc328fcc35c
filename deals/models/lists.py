"""Lists that a vendor keeps for its rules: named accounts, targets, products that are excluded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.enums import ListKind
from deals.models.catalog import Product
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel


class NamedList(VendorModel):
    """A list of customers or of products; rules ask whether something stands on it."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=ListKind.choices)
    is_active = models.BooleanField(default=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="list_names_differ"),
            models.CheckConstraint(condition=Q(kind__in=ListKind.values), name="list_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ListEntry(VendorModel):
    """A customer, found by the same keys as a registration's, or a product."""

    list = TenantForeignKey(NamedList, on_delete=models.CASCADE, related_name="entries")
    product = TenantForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=253, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    name_key = models.CharField(max_length=260, blank=True, db_collation="C")
    domain_key = models.CharField(max_length=253, blank=True, db_collation="C")
    tax_key = models.CharField(max_length=60, blank=True, db_collation="C")

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "list", "product"],
                condition=Q(product__isnull=False),
                name="a_product_is_listed_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "list", "name_key", "domain_key", "tax_key"],
                condition=Q(product__isnull=True),
                name="a_customer_is_listed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "name_key"], condition=~Q(name_key=""), name="listed_name"),
            models.Index(fields=["tenant", "domain_key"], condition=~Q(domain_key=""), name="listed_domain"),
            models.Index(fields=["tenant", "tax_key"], condition=~Q(tax_key=""), name="listed_tax"),
        ]

    def __str__(self) -> str:
        return self.product.name if self.product else self.name or self.website or self.tax_id
