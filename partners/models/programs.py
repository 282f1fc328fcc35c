"""The vendor's programme, its ranked tiers, and who stands in which tier from when to when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.enums import TierReason
from partners.models.partners import Partner
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantModel, TenantQuerySet
from prm.tenancy.models import TenantManager as BaseManager


class Program(TenantModel):
    """A partner programme."""

    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="program_names_differ")]


class Tier(TenantModel):
    """A ranked level of a programme; rank 1 is the entry."""

    program = TenantForeignKey(Program, on_delete=models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "program", "rank"], name="tiers_are_ranked")]

    def __str__(self) -> str:
        return self.name


class TierMembershipQuerySet(TenantQuerySet):
    def on(self, day: date) -> TierMembershipQuerySet:
        """Rows in force on a day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class TierMembership(PartnerModel):
    """That a partner stands in a tier from a day on, until its last day."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="tier_memberships")
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=TierReason.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    objects = BaseManager.from_queryset(TierMembershipQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="tier_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["tenant", "partner"], condition=Q(ends_on__isnull=True), name="one_open_tier_per_partner"
            ),
        ]
