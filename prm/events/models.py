"""What happened, and who still has to be told: the audit line and the outbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from prm.choices import TextChoices
from prm.tenancy.models import PartnerModel, TenantModel


class Event(PartnerModel):
    """A fact in the past tense. Only ever added: the application may not change or delete one.

    `partner_path` says which partner may see it; empty keeps it to the vendor's own people.
    """

    is_append_only = True

    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    by_firm = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(PartnerModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "subject_id", "at", "id"], name="event_of_subject"),
            models.Index(fields=["tenant", "by", "id"], name="event_of_person"),
        ]


class Delivery(TenantModel):
    """One handler's turn at one subject: an event, or a row such as a mail that waits to be sent.

    Written in the transaction of the change, so it can't be lost; claimed with a lease, so a killed
    worker's work comes back; done exactly once, because marking it done commits with its effects.
    """

    class Status(TextChoices):
        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"
        CANCELLED = "cancelled"

    handler = models.CharField(max_length=120)
    subject_id = models.UUIDField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "handler", "subject_id"], name="a_handler_gets_a_subject_once"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "done", "dead", "cancelled"]), name="delivery_status_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_at", "id"], condition=Q(status="pending"), name="delivery_due"),
            models.Index(fields=["tenant", "due_at", "id"], condition=Q(status="dead"), name="delivery_dead"),
            models.Index(fields=["tenant", "subject_id"], name="delivery_of_subject"),
        ]


class Job(models.Model):
    """When a periodic job last started; its row is the lock that lets only one scheduler start it."""

    name = models.CharField(max_length=120, primary_key=True)
    last_started_at = models.DateTimeField(null=True)
