"""What a partner asks back after an activity: costs by invoice, with the documents that prove them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from mdf.enums import ClaimAction, ClaimStatus, ExtensionStatus, ProofKind, ProofVerdict
from mdf.models.funds import AMOUNT, PERSON, FundAllocation, FundProgram
from mdf.models.requests import FundRequest, FundRequestLine
from mdf.rules import claim_lifecycle
from partners.models import Partner
from prm.accounts.models import Membership
from prm.drafts.models import DraftModel
from prm.files.models import File
from prm.money import Money
from prm.policies.courses import Deemed
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet

WAITING = (ClaimStatus.SUBMITTED, ClaimStatus.IN_REVIEW)


class ClaimQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> ClaimQuerySet:
        """Rows this person may see: drafts stay with the firm, and some see only their own."""
        if member.is_vendor:
            return self.exclude(status=ClaimStatus.DRAFT)
        if member.sees == Membership.Sees.OWN:
            return self.filter(owner_id=member.user_id)
        return self.exclude(Q(status=ClaimStatus.DRAFT) & ~Q(partner_id=member.partner_id))

    def waiting(self) -> ClaimQuerySet:
        """Rows that wait for the vendor's decision."""
        return self.filter(status__in=WAITING)


class Claim(DraftModel):
    """Money asked back for an approved request.

    `cost_amount` is what the invoices say, `asked_amount` the vendor's share of it; both are sums of the lines.
    `stated_amount` is what the partner says the invoices add up to, and `settled_on` when it had paid them all. A final
    claim gives back to the fund what it leaves of the reservation.
    """

    number = models.CharField(max_length=20, blank=True)
    request = TenantForeignKey(FundRequest, on_delete=models.PROTECT, related_name="claims")
    fund = TenantForeignKey(FundProgram, on_delete=models.PROTECT, related_name="claims")
    allocation = TenantForeignKey(FundAllocation, on_delete=models.PROTECT, related_name="claims")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(**PERSON)
    status = models.CharField(max_length=16, choices=ClaimStatus.choices, default=ClaimStatus.DRAFT)

    currency = models.CharField(max_length=3)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    cost_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    asked_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    stated_amount = models.DecimalField(**AMOUNT, null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    approved_amount = models.DecimalField(**AMOUNT, null=True, blank=True)
    paid_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    clawed_back_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    is_final = models.BooleanField(default=True)
    result = models.TextField(max_length=2000, blank=True)
    leads_won = models.PositiveIntegerField(null=True, blank=True)
    custom = models.JSONField(default=dict, blank=True)  # values of the vendor's own fields, by their keys
    typed = models.JSONField(default=dict, blank=True)  # a draft exactly as typed, right or wrong

    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    deemed = models.CharField(max_length=10, choices=Deemed.choices, default=Deemed.NONE)  # what silence counts as
    answer_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(max_length=2000, blank=True)
    approvals_given = models.PositiveSmallIntegerField(default=0)
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pay_by = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ClaimQuerySet)()

    class Meta(DraftModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], condition=~Q(number=""), name="claim_numbers_differ"),
            models.CheckConstraint(condition=Q(status__in=ClaimStatus.values), name="claim_status_is_known"),
            models.CheckConstraint(
                condition=Q(thrown_away_at__isnull=True) | Q(status=ClaimStatus.DRAFT),
                name="only_draft_claims_are_thrown_away",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ClaimStatus.DRAFT, ClaimStatus.WITHDRAWN])
                | Q(submitted_at__isnull=False) & ~Q(number=""),
                name="submitted_claim_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gt=Decimal(0), approved_amount__lte=F("asked_amount")),
                name="claim_gets_at_most_what_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(paid_amount=Decimal(0)) | Q(paid_amount__lte=F("approved_amount")),
                name="paid_is_at_most_what_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(clawed_back_amount__gte=Decimal(0), clawed_back_amount__lte=F("paid_amount")),
                name="clawed_back_is_at_most_what_was_paid",
            ),
            models.CheckConstraint(condition=Q(deemed__in=Deemed.values), name="claim_deemed_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "decide_by"], condition=~Q(deemed=Deemed.NONE), name="claim_to_be_deemed"),
            models.Index(fields=["tenant", "partner_path", "saved_at", "id"], name="claim_of_partner"),
            models.Index(fields=["tenant", "saved_at", "id"], name="claim_latest"),
            models.Index(fields=["tenant", "status", "decide_by", "id"], name="claim_to_decide"),
            models.Index(fields=["tenant", "request"], name="claim_of_request"),
            models.Index(
                fields=["tenant", "thrown_away_at"], condition=Q(thrown_away_at__isnull=False), name="claim_thrown_away"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.request)

    def move(self, action: ClaimAction) -> None:
        """Take the action, or raise `claim_lifecycle.NotAllowed`."""
        self.status = claim_lifecycle.after(ClaimStatus(self.status), action)
        self.version += 1

    def restore(self, status: ClaimStatus) -> None:
        """Go back to where a decision that is being undone found it."""
        self.status = status
        self.version += 1

    def can(self, action: ClaimAction) -> bool:
        """Say whether the life-cycle allows an action now."""
        return claim_lifecycle.allows(ClaimStatus(self.status), action)

    @property
    def cost(self) -> Money:
        return Money(self.cost_amount, self.currency)

    @property
    def asked(self) -> Money:
        return Money(self.asked_amount, self.currency)

    @property
    def approved(self) -> Money | None:
        return Money(self.approved_amount, self.currency) if self.approved_amount is not None else None

    @property
    def paid(self) -> Money:
        return Money(self.paid_amount, self.currency)

    @property
    def unpaid(self) -> Money:
        """Return what was approved and not paid yet."""
        return Money((self.approved_amount or Decimal(0)) - self.paid_amount, self.currency)

    @property
    def keepable(self) -> Money:
        """Return what was paid and not taken back."""
        return Money(self.paid_amount - self.clawed_back_amount, self.currency)

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_open_for_partner(self) -> bool:
        """Say whether its firm works on it: as a draft, or while it is asked."""
        return self.status in (ClaimStatus.DRAFT, ClaimStatus.INFO_REQUESTED)


class ClaimLine(PartnerModel):
    """One invoice, or part of one, for a line of the plan; decided on its own.

    `note` is why the partner spent more than planned, or something else; a planned cost that did not arise is zero.
    """

    claim = TenantForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    plan = TenantForeignKey(FundRequestLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    supplier = models.CharField(max_length=200, blank=True)
    invoice_number = models.CharField(max_length=80, blank=True)
    invoice_key = models.CharField(max_length=300, blank=True, db_collation="C")
    invoice_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    cost_amount = models.DecimalField(**AMOUNT)
    asked_amount = models.DecimalField(**AMOUNT)
    approved_amount = models.DecimalField(**AMOUNT, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "claim", "position"], name="claim_lines_are_in_order"),
            models.CheckConstraint(condition=Q(cost_amount__gte=Decimal(0)), name="claimed_cost_is_not_negative"),
            models.CheckConstraint(
                condition=Q(asked_amount__gte=Decimal(0), asked_amount__lte=F("cost_amount")),
                name="claimed_is_at_most_the_cost",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gte=Decimal(0), approved_amount__lte=F("asked_amount")),
                name="claim_line_gets_at_most_what_was_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "invoice_key"], condition=~Q(invoice_key=""), name="claim_line_by_invoice")
        ]

    @property
    def cost(self) -> Money:
        return Money(self.cost_amount, self.currency)

    @property
    def asked(self) -> Money:
        return Money(self.asked_amount, self.currency)

    @property
    def approved(self) -> Money | None:
        return Money(self.approved_amount, self.currency) if self.approved_amount is not None else None


class ClaimProof(PartnerModel):
    """A file that proves performance, for the whole claim or for one line of it, and what was said of it."""

    claim = TenantForeignKey(Claim, on_delete=models.CASCADE, related_name="proofs")
    line = TenantForeignKey(ClaimLine, on_delete=models.CASCADE, null=True, blank=True, related_name="proofs")
    file = TenantForeignKey(File, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ProofKind.choices)
    sha256 = models.CharField(max_length=64, db_collation="C")
    verdict = models.CharField(max_length=10, choices=ProofVerdict.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "claim", "file"], name="a_file_proves_once"),
            models.CheckConstraint(condition=Q(kind__in=ProofKind.values), name="proof_kind_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "sha256"], name="proof_by_content")]

    @property
    def is_returned(self) -> bool:
        return self.verdict == ProofVerdict.RETURNED


class ClaimExtension(PartnerModel):
    """That a partner asked for more days to claim, which it may do once for a request."""

    request = TenantForeignKey(FundRequest, on_delete=models.CASCADE, related_name="extensions")
    asked_by = models.ForeignKey(**PERSON)
    asked_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField()
    reason = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=ExtensionStatus.choices, default=ExtensionStatus.PENDING)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "request"], name="a_deadline_is_extended_once"),
            models.CheckConstraint(condition=Q(status__in=ExtensionStatus.values), name="extension_status_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "status"], name="extension_to_decide")]
