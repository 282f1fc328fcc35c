"""Appeals against decisions, and what became of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.tenancy.models import PartnerModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class Status(TextChoices):
    OPEN = "open", _("Open")
    ASKED = "information_asked", _("Information asked")
    UPHELD = "upheld", _("Decision upheld")
    OVERTURNED = "overturned", _("Decision overturned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WAITING = (Status.OPEN, Status.ASKED)


class Dispute(PartnerModel):
    """An appeal against one decision about a record; what is decided about it is final.

    What the decision was stays here, because overturning it changes the record. `title` and `firm` are what the record
    and whoever appealed were called then.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    decision_kind = models.CharField(max_length=20)  # one of those declared for such records
    decision_at = models.DateTimeField()
    decision_by = models.ForeignKey(**PERSON, null=True)  # nobody where rules decided
    decision_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(blank=True)
    title = models.CharField(max_length=250)
    firm = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    reason_code = models.CharField(max_length=40)
    text = models.TextField(max_length=4000)
    raised_by = models.ForeignKey(**PERSON, null=True)  # nobody where the firm has no login yet
    raised_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    decided_by = models.ForeignKey(**PERSON, null=True)
    closed_at = models.DateTimeField(null=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    outcome_note = models.TextField(max_length=4000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject_id", "decision_at"], name="a_decision_is_disputed_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="dispute_status_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "decide_by", "id"], name="dispute_to_decide"),
            models.Index(fields=["tenant", "partner_path", "raised_at", "id"], name="dispute_of_partner"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_asked(self) -> bool:
        return self.status == Status.ASKED
