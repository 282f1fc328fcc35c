"""Where a partner is paid to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partners.enums import BankStatus
from partners.models.agreements import PERSON
from partners.models.partners import Partner
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel

SHOWN = 4


class BankAccount(PartnerModel):
    """Bank details of a partner. A change is a new row that finance checks before anybody is paid there."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="bank_accounts")
    holder = models.CharField(max_length=120)
    account = models.CharField(max_length=40)  # an IBAN where there is one
    bic = models.CharField(max_length=11, blank=True)
    bank = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=BankStatus.choices, default=BankStatus.SUBMITTED)
    note = models.TextField(max_length=2000, blank=True)
    submitted_by = models.ForeignKey(**PERSON)
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(**PERSON, null=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partner"], condition=Q(status="submitted"), name="one_bank_account_to_check"
            ),
            models.UniqueConstraint(
                fields=["tenant", "partner"], condition=Q(status="accepted"), name="one_bank_account_in_use"
            ),
            models.CheckConstraint(condition=Q(status__in=BankStatus.values), name="bank_status_is_known"),
        ]

    @property
    def masked(self) -> str:
        """The account for those who need not know it: only its last signs."""
        return f"•••• {self.account[-SHOWN:]}"

    @property
    def grouped(self) -> str:
        """The account in groups of four, as it is printed on a statement."""
        return " ".join(self.account[at : at + SHOWN] for at in range(0, len(self.account), SHOWN))
