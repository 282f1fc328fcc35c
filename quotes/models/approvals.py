"""Who has to agree to a discount, and what they said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.models.registrations import PERSON
from prm.accounts.roles import Role
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel
from quotes.enums import StepStatus
from quotes.models.quotes import QuoteRevision


class QuoteApprovalStep(PartnerModel):
    """What somebody decides about a revision: a role of the discount ladder, or whom a step of the rules names.

    Whose turn it is says the approval of the revision (`prm.approvals`); this is what both sides read of it: why it
    was asked, and what came of it. `key` is that of the step in the approval's plan.
    """

    revision = TenantForeignKey(QuoteRevision, on_delete=models.CASCADE, related_name="approval_steps")
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=40, default="")
    name = models.CharField(max_length=80, blank=True)  # of a step of the rules; one of the ladder has a role
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
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

    @property
    def label(self) -> str:
        """Return what people call it."""
        return self.name or str(Role(self.role).label)
