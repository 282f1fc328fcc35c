"""How far the promised time of each decision is, whom a vendor lets be told of it, and who was."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from prm.accounts.roles import Role
from prm.tenancy.models import VendorModel


class PromiseTelling(VendorModel):
    """At which shares of a promised time a vendor's people are told; a vendor without a row has the usual ones."""

    warn_percent = models.PositiveSmallIntegerField(
        default=75, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    escalate_percent = models.PositiveSmallIntegerField(
        default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    escalate_to = models.CharField(max_length=20, default=Role.ADMIN.value)
    revision = models.PositiveIntegerField(default=1)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="a_vendor_says_once_whom_promises_tell"),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=F("escalate_percent"), escalate_percent__lte=100),
                name="people_are_warned_before_others_are_told",
            ),
        ]


class PromiseClock(VendorModel):
    """When people are to be told that a record's promised decision is missing, and when they were.

    `due_at` and `telling` are what this was read from: where one is another since, the record is read again. One that
    was promised anew has another start, and its people are told anew.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    escalate_at = models.DateTimeField()
    telling = models.PositiveIntegerField(default=1)  # the revision of the shares that it was read by
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id", "subject_type"], name="a_record_has_one_clock_of_its_promise"
            ),
        ]
