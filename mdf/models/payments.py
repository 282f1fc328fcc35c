"""Money that leaves: payments of approved claims in batches, and money that comes back."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from mdf.enums import BatchStatus, PaymentStatus
from mdf.models.claims import Claim
from mdf.models.funds import AMOUNT, PERSON
from partners.models import Partner
from prm.money import Money
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, VendorModel


class PaymentBatch(VendorModel):
    """Payments of one currency that finance hands to the bank together."""

    number = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=BatchStatus.choices, default=BatchStatus.OPEN)
    made_by = models.ForeignKey(**PERSON)
    made_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    paid_by = models.ForeignKey(**PERSON, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="batch_numbers_differ"),
            models.CheckConstraint(condition=Q(status__in=BatchStatus.values), name="batch_status_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "made_at", "id"], name="batch_latest")]

    def __str__(self) -> str:
        return self.number


class Payment(PartnerModel):
    """What a partner is paid for a claim in a batch, after what it owes was taken off."""

    batch = TenantForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    claim = TenantForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.SCHEDULED)
    amount = models.DecimalField(**AMOUNT)
    netted_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60, blank=True)
    paid_on = models.DateField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "claim"], condition=Q(status="scheduled"), name="a_claim_waits_in_one_batch"
            ),
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payment_status_is_known"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(netted_amount__gte=Decimal(0), netted_amount__lte=models.F("amount")),
                name="netted_is_part_of_the_payment",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "batch"], name="payment_of_batch"),
            models.Index(fields=["tenant", "claim"], name="payment_of_claim"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def transferred(self) -> Money:
        """Return what the bank is told to pay."""
        return Money(self.amount - self.netted_amount, self.currency)


class Clawback(PartnerModel):
    """Money that a partner has to give back after it was paid; a later payment is reduced by it."""

    claim = TenantForeignKey(Claim, on_delete=models.PROTECT, related_name="clawbacks")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    netted_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    currency = models.CharField(max_length=3)
    reason_code = models.CharField(max_length=40)
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(**PERSON)
    at = models.DateTimeField()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="clawback_is_positive"),
            models.CheckConstraint(
                condition=Q(netted_amount__gte=Decimal(0), netted_amount__lte=models.F("amount")),
                name="netted_is_part_of_the_clawback",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partner"], name="clawback_of_partner")]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
