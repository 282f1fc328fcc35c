"""How partners were evaluated: where each stands now, and every time the answer changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.enums import Outcome
from partners.models.partners import Partner
from partners.models.programs import Tier
from prm.choices import TextChoices
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, VendorModel


class Outlook(PartnerModel):
    """What the latest evaluation of a partner came to; one row for each."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="outlooks")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.UNPLACED)
    evaluated_on = models.DateField()
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    warned_on = models.DateField(null=True, blank=True)
    demotes_on = models.DateField(null=True, blank=True)
    proposed = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_until = models.DateField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the latest evaluation that was kept

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "partner"], name="a_partner_has_one_outlook"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="outlook_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "outcome"], name="outlook_by_outcome")]


class Evaluation(PartnerModel):
    """An answer to "why am I Silver": what was asked, under which version, and what was there. Never changed."""

    is_append_only = True

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="evaluations")
    on = models.DateField()
    at = models.DateTimeField()
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    before = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    move = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    traces = models.JSONField(default=list)  # one for each tier, the highest first

    class Meta(PartnerModel.Meta):
        indexes = [models.Index(fields=["tenant", "partner", "at"], name="evaluation_of_partner")]


class Preview(VendorModel):
    """Who would move under a draft of the programme; made step by step, and nothing is changed by it."""

    class Status(TextChoices):
        RUNNING = "running"
        DONE = "done"

    body = models.JSONField()
    revision = models.PositiveIntegerField()  # of the draft
    on = models.DateField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    moves = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["running", "done"]), name="preview_status_is_known")
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="previews_by_time")]
