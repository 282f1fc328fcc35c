"""The vendor's price lists. That one list has two prices on a day is impossible by the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from deals.models import Product
from deals.models.registrations import PERSON
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantManager, TenantQuerySet, VendorModel
from quotes.enums import VersionStatus


class Days(Func):
    """The days from the first to the last, both counting, as PostgreSQL's range; without a last day it is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PriceList(VendorModel):
    """Prices in one currency, for every partner or for those of some types or tiers."""

    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    types = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # none: of every type
    tiers = ArrayField(models.UUIDField(), default=list, blank=True)  # none: whatever the tier
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(VendorModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="price_list_names_differ")]

    def __str__(self) -> str:
        return self.name


class PriceListVersionQuerySet(TenantQuerySet):
    def in_force(self, on: date) -> PriceListVersionQuerySet:
        """The published versions that apply on a day: one for each list at most."""
        return self.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gte=on),
            status=VersionStatus.PUBLISHED,
            effective_from__lte=on,
        )


class PriceListVersion(VendorModel):
    """All prices of a list from a day on; once published it is only followed by the next."""

    price_list = TenantForeignKey(PriceList, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    effective_from = models.DateField(null=True, blank=True)
    effective_until = models.DateField(null=True, blank=True)
    based_on = models.PositiveIntegerField(null=True, blank=True)  # the number of the version it was copied from
    revision = models.PositiveIntegerField(default=1)  # counts saves, so that two people do not overwrite each other
    saved_by = models.ForeignKey(**PERSON, null=True, blank=True)
    saved_at = models.DateTimeField()
    published_by = models.ForeignKey(**PERSON, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(PriceListVersionQuerySet)()

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "price_list", "number"], name="price_versions_are_numbered"),
            models.UniqueConstraint(
                fields=["tenant", "price_list"], condition=Q(status="draft"), name="a_price_list_has_one_draft"
            ),
            models.CheckConstraint(condition=Q(status__in=VersionStatus.values), name="price_version_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(effective_from__isnull=False, published_at__isnull=False),
                name="published_prices_have_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="prices_end_after_they_start",
            ),
            ExclusionConstraint(
                name="published_prices_never_overlap",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("price_list", RangeOperators.EQUAL),
                    (Days("effective_from", "effective_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.number}"

    @property
    def is_published(self) -> bool:
        return self.status == VersionStatus.PUBLISHED


class Price(VendorModel):
    """What one unit of a product costs; `cost` is the vendor's own and stays with it."""

    version = TenantForeignKey(PriceListVersion, on_delete=models.CASCADE, related_name="prices")
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    cost = models.DecimalField(max_digits=19, decimal_places=4, null=True, blank=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "product"], name="a_product_has_one_price"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=Decimal(0)), name="cost_is_not_negative"
            ),
        ]


class VolumeBreak(VendorModel):
    """The price of one unit from a quantity on."""

    price = TenantForeignKey(Price, on_delete=models.CASCADE, related_name="breaks")
    from_quantity = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "price", "from_quantity"], name="a_quantity_breaks_once"),
            models.CheckConstraint(condition=Q(from_quantity__gte=2), name="a_break_starts_above_one"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="break_is_not_negative"),
        ]
