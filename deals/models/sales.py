"""What was sold. Tiers, funds and incentives listen to `SaleRecorded`."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from deals.models.catalog import Product, ProductFamily
from deals.models.customers import EndCustomer
from deals.models.registrations import Registration
from partners.models import Partner
from prm.money import Money
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet


class SaleQuerySet(TenantQuerySet):
    def standing(self) -> SaleQuerySet:
        """Sales that count: those of deals that were reopened do not."""
        return self.filter(reversed_on=None)


class Sale(PartnerModel):
    """A sale by a partner to an end customer; `reference` makes recording it twice harmless."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="sales")
    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="sales")
    registration = TenantForeignKey(Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="sales")
    reference = models.CharField(max_length=80)
    sold_on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3)
    reversed_on = models.DateField(null=True, blank=True)  # the deal was reopened

    objects = TenantManager.from_queryset(SaleQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "reference"], name="a_sale_is_recorded_once"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="sale_is_not_negative"),
        ]
        indexes = [models.Index(fields=["tenant", "partner_path", "sold_on"], name="sale_of_partner")]

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)


class SaleLine(PartnerModel):
    """How much of a sale belongs to a product family."""

    sale = TenantForeignKey(Sale, on_delete=models.CASCADE, related_name="lines")
    family = TenantForeignKey(ProductFamily, on_delete=models.PROTECT, related_name="+")
    product = TenantForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta(PartnerModel.Meta):
        indexes = [models.Index(fields=["tenant", "sale"], name="lines_of_sale")]
