"""The double-entry ledger: accounts with balances, and rows that move money between two of them.

A row takes its positive amount from the debited account and gives it to the credited one. Rows are only ever
added; a mistake is corrected by a row the other way. Balances move in the same transaction.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from mdf.enums import AccountKind, EntryKind
from mdf.models.funds import AMOUNT, PERSON, FundAllocation, FundProgram
from prm.money import Money
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, VendorModel

OF_FUND = (AccountKind.SOURCE, AccountKind.UNALLOCATED)


class LedgerAccount(PartnerModel):
    """One place where money of a fund can be. Only the vendor's own pocket may be below zero."""

    fund = TenantForeignKey(FundProgram, on_delete=models.PROTECT, related_name="accounts")
    allocation = TenantForeignKey(
        FundAllocation, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    currency = models.CharField(max_length=3)
    balance = models.DecimalField(**AMOUNT, default=Decimal(0))

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "fund", "allocation", "kind"], nulls_distinct=False, name="an_account_exists_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="account_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_FUND, allocation__isnull=True)
                | ~Q(kind__in=OF_FUND) & Q(allocation__isnull=False),
                name="account_belongs_to_fund_or_allocation",
            ),
            models.CheckConstraint(
                condition=Q(kind=AccountKind.SOURCE) | Q(balance__gte=Decimal(0)), name="balance_never_below_zero"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "allocation"], name="account_of_allocation")]

    @property
    def money(self) -> Money:
        return Money(self.balance, self.currency)


class LedgerEntry(PartnerModel):
    """One movement of money. `source` names its cause once per kind, so that posting twice moves money once.

    `subject` is the record that led to it; a partner sees the entries of its own allocation.
    """

    is_append_only = True

    fund = TenantForeignKey(FundProgram, on_delete=models.PROTECT, related_name="entries")
    allocation = TenantForeignKey(
        FundAllocation, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    kind = models.CharField(max_length=14, choices=EntryKind.choices)
    debit = TenantForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    credit = TenantForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(**AMOUNT)
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=120, db_collation="C")
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    booked_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(**PERSON, null=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "kind"], name="a_cause_is_posted_once"),
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="entry_is_positive"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_moves_between_two_accounts"),
        ]
        indexes = [
            models.Index(fields=["tenant", "fund", "at", "id"], name="entry_of_fund"),
            models.Index(fields=["tenant", "allocation", "at", "id"], name="entry_of_allocation"),
            models.Index(fields=["tenant", "subject_id"], name="entry_of_subject"),
        ]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class LedgerCount(VendorModel):
    """That every balance was counted again, and how many were wrong. Only the latest count is kept."""

    counted_at = models.DateTimeField()
    accounts = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()

    class Meta(VendorModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="the_latest_count_is_kept")]
