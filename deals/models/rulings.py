"""What the rules made of a registration, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.enums import Because, Course
from deals.models.registrations import Registration
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class Ruling(PartnerModel):
    """One time that the rules of a version were followed for a registration; the latest counts. Never changed."""

    is_append_only = True

    registration = TenantForeignKey(Registration, on_delete=models.PROTECT, related_name="rulings")
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    course = models.CharField(max_length=10, choices=Course.choices)
    because = models.CharField(max_length=10, choices=Because.choices)
    effects = models.JSONField(default=dict)  # what holds, by the name of the effect
    trace = models.JSONField(default=list)  # as `rulesets.trace_of`

    class Meta(PartnerModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(course__in=Course.values), name="course_is_known"),
            models.CheckConstraint(condition=Q(because__in=Because.values), name="because_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "registration", "at"], name="rulings_of_registration")]
