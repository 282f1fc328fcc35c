"""Exclusive time with a customer. That two of them never overlap is the database's promise."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from deals.enums import ExtensionStatus
from deals.models.catalog import ProductFamily
from deals.models.customers import EndCustomer
from deals.models.registrations import PERSON, Registration
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class Days(Func):
    """The days from the first to the last, both counting, as PostgreSQL's range."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Protection(PartnerModel):
    """That one partner alone may sell a product family to a customer, from a day to a last day."""

    registration = TenantForeignKey(Registration, on_delete=models.PROTECT, related_name="protections")
    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")
    family = TenantForeignKey(ProductFamily, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_in_force = models.BooleanField(default=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="protection_ends_after_it_starts"),
            ExclusionConstraint(
                name="protections_never_overlap",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("customer", RangeOperators.EQUAL),
                    ("family", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_in_force=True),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "registration"], name="protection_of_registration")]


class Extension(PartnerModel):
    """A partner's wish for more days, with what has happened since; never two at a time."""

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="extension_requests")
    status = models.CharField(max_length=10, choices=ExtensionStatus.choices, default=ExtensionStatus.PENDING)
    days = models.PositiveSmallIntegerField()
    progress = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(**PERSON)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "registration"], condition=Q(status="pending"), name="one_extension_waits_at_a_time"
            )
        ]
