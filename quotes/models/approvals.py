"""Who has to agree to a discount, what they said, and which discounts stay agreed."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from deals.models import Product
from deals.models.registrations import PERSON
from prm.accounts.roles import Role
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel
from quotes.enums import StepStatus
from quotes.models.quotes import Quote, QuoteRevision


class QuoteApprovalStep(PartnerModel):
    """What one role decides about a revision; the steps of a round are taken in order."""

    revision = TenantForeignKey(QuoteRevision, on_delete=models.CASCADE, related_name="approval_steps")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=1)
    role = models.CharField(max_length=20, choices=Role.choices)
    status = models.CharField(max_length=10, choices=StepStatus.choices, default=StepStatus.WAITING)
    reasons = models.JSONField(default=list, blank=True)  # why this role is asked: codes and facts
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "revision", "round", "position"], name="approval_steps_are_in_order"
            ),
            models.CheckConstraint(condition=Q(status__in=StepStatus.values), name="approval_step_status_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "status", "decide_by", "id"], name="approval_steps_waiting")]


class SpecialPrice(PartnerModel):
    """That a discount on a product was agreed for a quote: up to it, nobody has to agree again."""

    quote = TenantForeignKey(Quote, on_delete=models.CASCADE, related_name="special_prices")
    product = TenantForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    granted_by = models.ForeignKey(**PERSON)
    granted_at = models.DateTimeField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "quote", "product"], name="a_discount_is_agreed_once"),
            models.CheckConstraint(
                condition=Q(percent__gt=Decimal(0), percent__lte=100), name="an_agreed_discount_is_a_share"
            ),
        ]
