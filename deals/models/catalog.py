"""The vendor's catalogue: families, which protections are about, and the products in them."""

from django.db import models

from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantModel


class ProductFamily(TenantModel):
    """Products that are sold to a customer together; a protection covers a family."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="family_codes_differ")]

    def __str__(self) -> str:
        return self.name


class Product(TenantModel):
    """Something a customer can order; once retired (not active) it stays on old deals and quotes only."""

    family = TenantForeignKey(ProductFamily, on_delete=models.PROTECT, related_name="products")
    sku = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=40)
    description = models.TextField(max_length=1000, blank=True)
    is_available = models.BooleanField(default=True)  # can be ordered now
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "sku"], name="skus_differ")]

    def __str__(self) -> str:
        return self.name
