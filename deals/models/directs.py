"""What the vendor's own people work at. Partners never see it; against them counts only what was logged before."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deals.enums import DirectStage, Stage, TouchKind
from deals.models.customers import EndCustomer
from deals.models.registrations import PERSON
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel

PHASES = [(stage.value, stage.label) for stage in Stage if stage not in (Stage.WON, Stage.LOST)]


class DirectOpportunity(VendorModel):
    """A deal that the vendor wants to close itself.

    `opened_on` is what its CRM claims; `logged_at` is when we heard of it. Whatever lets it say more than it did (other
    products, open again) moves `logged_at`. How far it is has a time of its own.
    """

    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    families = ArrayField(models.UUIDField(), default=list, blank=True)  # none: it is not known what for
    owner = models.CharField(max_length=120)  # as the CRM names whoever works at it
    stage = models.CharField(max_length=8, choices=DirectStage.choices, default=DirectStage.OPEN)
    phase = models.CharField(max_length=24, choices=PHASES, blank=True)  # how far it is, or was; empty is not known
    phase_at = models.DateTimeField(null=True, blank=True)  # when we heard of that
    opened_on = models.DateField()
    external_id = models.CharField(max_length=80, blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(**PERSON)
    closed_at = models.DateTimeField(null=True, blank=True)  # when we heard that it was won or lost
    version = models.PositiveIntegerField(default=1)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"], condition=~Q(external_id=""), name="a_direct_opportunity_is_kept_once"
            ),
            models.CheckConstraint(condition=Q(stage__in=DirectStage.values), name="direct_stage_is_known"),
            models.CheckConstraint(condition=Q(phase="") | Q(phase_at__isnull=False), name="a_phase_has_its_time"),
            models.CheckConstraint(
                condition=Q(stage="open", closed_at__isnull=True) | ~Q(stage="open") & Q(closed_at__isnull=False),
                name="only_what_is_over_was_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="directs_of_customer"),
            models.Index(fields=["tenant", "opened_on", "id"], name="directs_by_day"),
        ]

    def __str__(self) -> str:
        return self.title or self.customer.name

    @property
    def is_open(self) -> bool:
        return self.stage == DirectStage.OPEN


class DirectTouch(VendorModel):
    """That the vendor's own people met, called or wrote to a customer; never changed once it is logged."""

    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=TouchKind.choices)
    happened_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(**PERSON)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"], condition=~Q(external_id=""), name="a_direct_touch_is_kept_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=TouchKind.values), name="touch_kind_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer"], name="touches_of_customer"),
            models.Index(fields=["tenant", "happened_on", "id"], name="touches_by_day"),
        ]
