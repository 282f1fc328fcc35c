"""What waits for somebody's agreement, what was decided, and who stands in for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.roles import Role
from prm.choices import TextChoices
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class Approval(VendorModel):
    """That a record needs the agreement of some of the vendor's people, by the plan it started with."""

    class Status(TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        RECALLED = "recalled", _("Recalled")

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    plan = models.JSONField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    requested_by = models.ForeignKey(**PERSON, null=True)
    requested_at = models.DateTimeField()
    asked = models.JSONField(default=dict)  # since when each step that waits is asked
    pauses = models.JSONField(default=list)  # from when to when the other side had to answer something
    late = ArrayField(models.CharField(max_length=40), default=list)  # steps whose time is over
    next_late_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id"],
                condition=Q(status__in=["waiting", "approved"]),
                name="a_record_has_one_approval",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "approved", "rejected", "recalled"]),
                name="approval_status_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject_id", "requested_at"], name="approval_of_subject"),
            models.Index(fields=["tenant", "next_late_at", "id"], condition=Q(status="waiting"), name="approval_late"),
        ]


class ApprovalPlace(VendorModel):
    """Whom a waiting approval asks now, so that each person's own list is found by an index."""

    approval = TenantForeignKey(Approval, on_delete=models.CASCADE, related_name="places")
    step = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    user = models.ForeignKey(**PERSON, null=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(role="", user__isnull=False) | (~Q(role="") & Q(user__isnull=True)),
                name="a_place_is_of_a_role_or_a_person",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "role"], name="approval_place_of_role"),
            models.Index(fields=["tenant", "user"], name="approval_place_of_person"),
        ]


class ApprovalDecision(VendorModel):
    """What somebody decided about a step; a stale one is kept, but counts no more."""

    approval = TenantForeignKey(Approval, on_delete=models.CASCADE, related_name="decisions")
    step = models.CharField(max_length=40)
    by = models.ForeignKey(**PERSON)
    on_behalf = models.ForeignKey(**PERSON, null=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    places = ArrayField(models.PositiveSmallIntegerField())
    is_approval = models.BooleanField()
    is_stale = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField()
    took = models.DurationField(null=True)  # in open hours of the vendor's calendar
    before = models.JSONField(default=dict)  # what was asked before it, for taking it back

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "approval", "by"], condition=Q(is_stale=False), name="nobody_decides_twice"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "step", "at"], name="approval_decision_of_step")]


class StandIn(VendorModel):
    """That somebody is away, from one day to another, and who decides for them meanwhile."""

    user = models.ForeignKey(**PERSON)
    stand_in = models.ForeignKey(**PERSON)
    starts_on = models.DateField()
    ends_on = models.DateField()
    set_by = models.ForeignKey(**PERSON)
    set_at = models.DateTimeField()

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(user=F("stand_in")), name="nobody_stands_in_for_themselves"),
        ]
        indexes = [models.Index(fields=["tenant", "ends_on"], name="stand_in_until")]


def around(at: datetime) -> Q:
    """The condition that somebody may be away at a moment: the vendor's day may be another than that of UTC."""
    day = at.astimezone(UTC).date()
    return Q(starts_on__lte=day + timedelta(days=1), ends_on__gte=day - timedelta(days=1))
