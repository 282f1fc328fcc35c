"""That a deal goes from one partner to another, as far as the first may know it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.enums import TransferStatus
from deals.models.registrations import PERSON, Registration
from prm.accounts.models import Membership
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet


class TransferQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> TransferQuerySet:
        """Rows this person may see; some see only what was their own."""
        own = member.is_partner and member.sees == Membership.Sees.OWN
        return self.filter(owner_id=member.user_id) if own else self


class Transfer(PartnerModel):
    """A partner's wish that its deal goes to another firm, or that it went; the row stays with whoever had the deal.

    It says nothing about who has it now: that stands on the registration, which the former partner does not see.
    """

    registration = TenantForeignKey(Registration, on_delete=models.CASCADE, related_name="transfers")
    status = models.CharField(max_length=10, choices=TransferStatus.choices)
    number = models.CharField(max_length=20)
    customer_name = models.CharField(max_length=200)
    owner = models.ForeignKey(**PERSON)
    firm = models.CharField(max_length=200, blank=True)  # as the partner that asked named it
    wish = models.TextField(max_length=2000, blank=True)
    asked_by = models.ForeignKey(**PERSON, null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)  # also when it was taken back, or lapsed
    reason_code = models.CharField(max_length=40, blank=True)  # of a refusal
    note = models.TextField(max_length=2000, blank=True)

    objects = TenantManager.from_queryset(TransferQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "registration"], condition=Q(status="asked"), name="one_transfer_is_asked_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True) | ~Q(status="asked") & Q(decided_at__isnull=False),
                name="a_transfer_is_asked_or_over",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "registration"], name="transfer_of_registration"),
            models.Index(fields=["tenant", "partner_path", "decided_at"], name="transfer_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.customer_name}".strip()
