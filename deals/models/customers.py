"""Those who buy, as the vendor knows them. A partner sees only what it typed itself."""

from __future__ import annotations

from django.db import models

from deals.enums import KeyKind
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel


class EndCustomer(VendorModel):
    """A firm that buys. Rival registrations of it meet here: whoever approves one locks this row."""

    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=120, blank=True)
    first_seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CustomerKey(VendorModel):
    """A normalised name, domain or tax number that identifies exactly one end customer."""

    customer = TenantForeignKey(EndCustomer, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10, choices=KeyKind.choices)
    value = models.CharField(max_length=260, db_collation="C")

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "value"], name="a_key_identifies_one_customer")
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="keys_of_customer")]
