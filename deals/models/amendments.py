"""What a partner changes of the facts that it registered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.enums import AmendmentStatus
from deals.models.registrations import PERSON, Registration
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class Amendment(PartnerModel):
    """A change of facts after a registration was sent, with all of them as they were; one waits at a time.

    `after` holds what changes only. The terms are those that the registration pins.
    """

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="amendments")
    status = models.CharField(max_length=10, choices=AmendmentStatus.choices)
    version = models.PositiveIntegerField()  # of the registration that it was made from
    before = models.JSONField()
    after = models.JSONField()
    grounds = models.JSONField(default=list)
    note = models.TextField(max_length=2000, blank=True)
    asked_by = models.ForeignKey(**PERSON)
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)  # also when it was taken back, or lapsed
    reason_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(max_length=2000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "registration"], condition=Q(status="pending"), name="one_amendment_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(decide_by__isnull=False, decided_at__isnull=True),
                name="an_amendment_that_waits_has_a_promise",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "registration"], name="amendment_of_registration"),
            models.Index(fields=["tenant", "decide_by"], condition=Q(status="pending"), name="amendment_to_decide"),
        ]

    def __str__(self) -> str:
        return str(self.registration)

    @property
    def is_pending(self) -> bool:
        return self.status == AmendmentStatus.PENDING
