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
    version = models.PositiveIntegerField(default=0)  # number of the policy version that its tiers mirror

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="program_names_differ")]


class Tier(TenantModel):
    """A ranked level of a programme; rank 1 is the entry.

    What it asks and gives is in the programme's versions; name and rank are those of the version in force.
    """

    program = TenantForeignKey(Program, on_delete=models.PROTECT, related_name="tiers")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField()
    is_offered = models.BooleanField(default=True)  # in the version in force; others are history

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "program", "rank"], condition=Q(is_offered=True), name="offered_tiers_are_ranked"
            )
        ]

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
    note = models.TextField(max_length=500, blank=True)
    held_until = models.DateField(null=True, blank=True)  # the last day of an exception
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
