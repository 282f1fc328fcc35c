"""That a partner says its protected deal is alive, again and again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.enums import Stage
from deals.models.registrations import PERSON, Registration
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class CheckIn(PartnerModel):
    """What a partner confirms by a day: how far the deal is, when it closes, and a sentence. One waits at a time."""

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="check_ins")
    opened_at = models.DateTimeField()
    due_on = models.DateField()  # the last day on which it is in time
    due_by = models.DateTimeField()  # the end of that day at the vendor
    is_open = models.BooleanField(default=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)  # when the partner was warned
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(**PERSON, null=True, blank=True)
    stage = models.CharField(max_length=24, choices=Stage.choices, blank=True)
    close_on = models.DateField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "registration"], condition=Q(is_open=True), name="one_check_in_waits_at_a_time"
            ),
            models.CheckConstraint(condition=Q(is_open=False) | Q(done_at=None), name="a_check_in_done_is_not_open"),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_on"], condition=Q(is_open=True), name="check_in_due"),
            models.Index(fields=["tenant", "registration"], name="check_in_of_registration"),
        ]
