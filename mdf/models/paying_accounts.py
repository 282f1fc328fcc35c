"""Where the vendor pays from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from mdf.models.funds import PERSON
from prm.tenancy.models import VendorModel

SHOWN = 4


class PayingAccount(VendorModel):
    """A bank account of the vendor. It never changes: one that is no longer used is closed, another one added."""

    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    added_by = models.ForeignKey(**PERSON)
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "currency", "iban"],
                condition=Q(closed_at__isnull=True),
                name="a_paying_account_is_kept_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.masked}"

    @property
    def masked(self) -> str:
        """The account for those who need not know it: only its last signs."""
        return f"•••• {self.iban[-SHOWN:]}"

    @property
    def grouped(self) -> str:
        """The account in groups of four, as it is printed on a statement."""
        return " ".join(self.iban[at : at + SHOWN] for at in range(0, len(self.iban), SHOWN))
