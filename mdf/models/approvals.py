"""The steps of the approval ladder that were taken: who agreed to what. Partners see only the outcome."""

from __future__ import annotations

from django.db import models

from mdf.models.funds import AMOUNT, PERSON
from prm.money import Money
from prm.tenancy.models import VendorModel


class ApprovalStep(VendorModel):
    """That somebody approved a request or a claim, as one of several who have to.

    `amounts` says how much of each line, by the line's id; whoever comes later may lower it.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(**PERSON)
    role = models.CharField(max_length=20)
    at = models.DateTimeField()
    amount = models.DecimalField(**AMOUNT)
    currency = models.CharField(max_length=3)
    amounts = models.JSONField(default=dict)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_id", "number"], name="steps_of_an_approval_are_in_order"
            ),
            models.UniqueConstraint(fields=["tenant", "subject_id", "by"], name="nobody_approves_twice"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
