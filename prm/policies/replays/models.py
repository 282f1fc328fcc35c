"""A replay, as far as it is, and the records that would change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from prm.choices import TextChoices
from prm.money import Money
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import VendorModel


class Replay(VendorModel):
    """Past records of a period under a draft, compared with the version in force; made step by step."""

    class Status(TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    area = models.CharField(max_length=40)
    version = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField()
    revision = models.PositiveIntegerField()  # of the draft
    first_on = models.DateField()
    last_on = models.DateField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    reached = models.UUIDField(null=True)  # the record that the next step goes on after
    tally = models.JSONField(default=dict)  # what the records of each outcome come to, before and after
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta(VendorModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["running", "done", "cancelled", "failed"]), name="replay_status_is_known"
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="replay_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["tenant", "area", "at"], name="replays_of_area")]


class ReplayChange(VendorModel):
    """A record that the draft would make something else of; `effect` is the weightiest that differs."""

    replay = TenantForeignKey(Replay, on_delete=models.CASCADE, related_name="changes")
    record_id = models.UUIDField()
    page = models.CharField(max_length=60, blank=True)  # of the record, where it is none of the usual kind
    title = models.CharField(max_length=260)
    detail = models.CharField(max_length=260, blank=True)
    on = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    given_before = models.DecimalField(max_digits=19, decimal_places=4, null=True)  # money that the vendor gives
    given_after = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    effect = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    more = models.JSONField(default=list)  # what else differs: effect, before, after
    rules_before = models.JSONField(default=list)
    rules_after = models.JSONField(default=list)

    class Meta(VendorModel.Meta):
        indexes = [models.Index(fields=["tenant", "replay", "effect", "id"], name="changes_of_replay")]

    @property
    def value(self) -> Money | None:
        return Money(self.amount, self.currency) if self.amount is not None and self.currency else None

    @property
    def given(self) -> tuple[Money, Money] | None:
        """Return what the vendor gives by either version, nothing where one of them cannot be said, or both are one."""
        before, after = self.given_before, self.given_after
        if before is None or after is None or before == after or not self.currency:
            return None
        return Money(before, self.currency), Money(after, self.currency)
