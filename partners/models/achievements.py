"""What partners achieved that tiers count, and what the vendor's people said of them."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from partners.enums import Metric
from partners.models.partners import Partner
from prm.money import Money
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


def person() -> models.ForeignKey:
    """Return a column for whoever of the vendor's people did it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )


class Achievement(PartnerModel):
    """Something achieved on a day. Only ever added: what is taken back is a negative row.

    Its source counts once, however often it is credited.
    """

    is_append_only = True

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="achievements")
    metric = models.CharField(max_length=20, choices=Metric.choices)
    on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4)
    currency = models.CharField(max_length=3, blank=True)
    families = ArrayField(models.CharField(max_length=40), default=list)
    label = models.CharField(max_length=80, blank=True)
    source_type = models.CharField(max_length=60)
    source_id = models.UUIDField()
    note = models.CharField(max_length=500, blank=True)
    by = person()
    credited_at = models.DateTimeField()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source_id", "source_type", "metric"], name="an_achievement_counts_once"
            ),
            models.CheckConstraint(condition=Q(currency="") | Q(metric="revenue"), name="only_revenue_has_a_currency"),
            models.CheckConstraint(
                condition=~Q(amount=Decimal(0)) | Q(metric="figure"), name="achievement_is_something"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partner", "on"], name="achievement_of_partner")]

    @property
    def money(self) -> Money | None:
        return Money(self.amount, self.currency) if self.currency else None


class Confirmation(PartnerModel):
    """That somebody of the vendor confirmed something a tier asks for."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="confirmations")
    label = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = person()
    at = models.DateTimeField()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="confirmation_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["tenant", "partner", "starts_on"], name="confirmation_of_partner")]


class Waiver(PartnerModel):
    """That a requirement is not asked of a partner until a last day, and why."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="waivers")
    requirement = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=500)
    by = person()
    at = models.DateTimeField()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="waiver_ends_after_it_starts")
        ]
        indexes = [models.Index(fields=["tenant", "partner", "ends_on"], name="waiver_of_partner")]
