"""The vendor's marketing money: a fund for a period, what it may be spent on, and which partner may spend how much."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from mdf.enums import FundStatus, ProofKind
from partners.enums import PartnerType
from partners.models import Partner
from prm.money import Money
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantModel, TenantQuerySet, VendorModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}
AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 4}


class ActivityType(TenantModel):
    """A kind of marketing that funds may pay for, and the documents that prove it took place."""

    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    help = models.CharField(max_length=300, blank=True)
    proofs_all = ArrayField(models.CharField(max_length=20, choices=ProofKind.choices), default=list, blank=True)
    proofs_any = ArrayField(models.CharField(max_length=20, choices=ProofKind.choices), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="activity_type_codes_differ")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name; one that the product came with, in the reader's language."""
        return gettext(self.name) if self.name else ""

    @property
    def hint(self) -> str:
        """Return what it pays for, likewise."""
        return gettext(self.help) if self.help else ""

    @property
    def needed_labels(self) -> list[str]:
        """Return the documents that all have to be there, in words."""
        return [str(ProofKind(kind).label) for kind in self.proofs_all]

    @property
    def any_labels(self) -> list[str]:
        """Return the documents of which one has to be there, in words."""
        return [str(ProofKind(kind).label) for kind in self.proofs_any]


class FundQuerySet(TenantQuerySet):
    def open(self) -> FundQuerySet:
        """Funds that take requests."""
        return self.filter(status=FundStatus.OPEN)


class FundProgram(TenantModel):
    """Money for a period and the terms it is given under.

    Partners read the terms; how much the vendor set aside is a `FundBudget`, which they do not see.
    Tiers, partner types and activity types that are empty exclude nobody and nothing.
    """

    name = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=8, choices=FundStatus.choices, default=FundStatus.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    currency = models.CharField(max_length=3)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    request_minimum = models.DecimalField(**AMOUNT, null=True, blank=True)
    request_maximum = models.DecimalField(**AMOUNT, null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField()
    claim_days = models.PositiveSmallIntegerField()
    tier_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    partner_types = ArrayField(models.CharField(max_length=20, choices=PartnerType.choices), default=list, blank=True)
    activity_type_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(**PERSON, null=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(FundQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="fund_names_differ"),
            models.CheckConstraint(condition=Q(status__in=FundStatus.values), name="fund_status_is_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="fund_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(share_percent__gt=Decimal(0), share_percent__lte=Decimal(100)),
                name="fund_share_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(request_minimum__isnull=True)
                | Q(request_maximum__isnull=True)
                | Q(request_maximum__gte=F("request_minimum")),
                name="fund_maximum_reaches_its_minimum",
            ),
            models.CheckConstraint(
                condition=Q(status=FundStatus.DRAFT) | Q(policy__isnull=False, opened_at__isnull=False),
                name="open_fund_has_its_terms",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "status", "ends_on"], name="fund_by_status")]

    def __str__(self) -> str:
        return self.name

    def runs_on(self, day: date) -> bool:
        """Say whether a day is one of the fund's period."""
        return self.starts_on <= day <= self.ends_on

    @property
    def is_open(self) -> bool:
        return self.status == FundStatus.OPEN

    @property
    def partner_type_labels(self) -> list[str]:
        """Return the partner types it is for, in words."""
        return [str(PartnerType(code).label) for code in self.partner_types]

    @property
    def is_draft(self) -> bool:
        return self.status == FundStatus.DRAFT

    @property
    def minimum(self) -> Money | None:
        return Money(self.request_minimum, self.currency) if self.request_minimum is not None else None

    @property
    def maximum(self) -> Money | None:
        return Money(self.request_maximum, self.currency) if self.request_maximum is not None else None


class FundBudget(VendorModel):
    """How much the vendor set aside for a fund; from its opening on, the ledger says the same."""

    fund = TenantForeignKey(FundProgram, on_delete=models.CASCADE, related_name="budgets")
    amount = models.DecimalField(**AMOUNT)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "fund"], name="a_fund_has_one_budget"),
            models.CheckConstraint(condition=Q(amount__gte=Decimal(0)), name="budget_is_not_negative"),
        ]


class FundAllocation(PartnerModel):
    """That a partner takes part in a fund; how much of it the partner has is in its accounts."""

    fund = TenantForeignKey(FundProgram, on_delete=models.PROTECT, related_name="allocations")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    usable_until = models.DateField(null=True, blank=True)  # later than the fund's period, after a reinstatement
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "fund", "partner"], name="a_partner_is_allocated_once")
        ]
        indexes = [models.Index(fields=["tenant", "partner"], name="allocation_of_partner")]

    @property
    def last_day(self) -> date:
        """Return the last day on which this partner may spend what it has."""
        return max(self.fund.ends_on, self.usable_until or self.fund.ends_on)
