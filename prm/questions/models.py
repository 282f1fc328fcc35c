"""Questions of the vendor to a partner about one of its records."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from prm.tenancy.models import PartnerModel


class Question(PartnerModel):
    """What the vendor wants to know about a record; only the fields asked for reopen, and its clock stands still."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    fields = ArrayField(models.CharField(max_length=60), default=list)
    text = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id"],
                condition=Q(answered_at__isnull=True),
                name="a_record_has_one_open_question",
            )
        ]
        indexes = [models.Index(fields=["tenant", "subject_id", "asked_at"], name="question_of_subject")]
