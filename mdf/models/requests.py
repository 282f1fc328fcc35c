"""What a partner asks marketing money for, before it spends any."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q

from deals.models import Registration
from mdf.enums import RequestAction, RequestStatus
from mdf.models.funds import AMOUNT, PERSON, ActivityType, FundAllocation, FundProgram
from mdf.rules import request_lifecycle
from partners.models import Partner
from prm.accounts.models import Membership
from prm.drafts.models import DraftModel
from prm.money import Money
from prm.policies.courses import Deemed
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet

WAITING = (RequestStatus.SUBMITTED, RequestStatus.IN_REVIEW)


class FundRequestQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> FundRequestQuerySet:
        """Rows this person may see: drafts stay with the firm, and some see only their own."""
        if member.is_vendor:
            return self.exclude(status=RequestStatus.DRAFT)
        if member.sees == Membership.Sees.OWN:
            return self.filter(owner_id=member.user_id)
        return self.exclude(Q(status=RequestStatus.DRAFT) & ~Q(partner_id=member.partner_id))

    def waiting(self) -> FundRequestQuerySet:
        """Rows that wait for the vendor's decision."""
        return self.filter(status__in=WAITING)


class FundRequest(DraftModel):
    """An activity a partner plans, what it costs, and which part of that the vendor is asked to pay.

    `planned_amount` is what the lines cost, `asked_amount` the vendor's share of it; both are sums of the lines.
    """

    number = models.CharField(max_length=20, blank=True)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(**PERSON)
    status = models.CharField(max_length=16, choices=RequestStatus.choices, default=RequestStatus.DRAFT)
    fund = TenantForeignKey(FundProgram, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    allocation = TenantForeignKey(
        FundAllocation, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    activity_type = TenantForeignKey(ActivityType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    registration = TenantForeignKey(Registration, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    title = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    audience = models.CharField(max_length=300, blank=True)
    expected_result = models.TextField(max_length=2000, blank=True)
    expected_leads = models.PositiveIntegerField(null=True, blank=True)
    expected_revenue = models.DecimalField(**AMOUNT, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    planned_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    asked_amount = models.DecimalField(**AMOUNT, default=Decimal(0))
    approved_amount = models.DecimalField(**AMOUNT, null=True, blank=True)
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
    claim_by = models.DateField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(FundRequestQuerySet)()

    class Meta(DraftModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number"], condition=~Q(number=""), name="fund_request_numbers_differ"
            ),
            models.CheckConstraint(condition=Q(status__in=RequestStatus.values), name="request_status_is_known"),
            models.CheckConstraint(
                condition=Q(thrown_away_at__isnull=True) | Q(status=RequestStatus.DRAFT),
                name="only_draft_requests_are_thrown_away",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[RequestStatus.DRAFT, RequestStatus.WITHDRAWN])
                | Q(
                    fund__isnull=False,
                    allocation__isnull=False,
                    activity_type__isnull=False,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    submitted_at__isnull=False,
                )
                & ~Q(number=""),
                name="submitted_request_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gt=Decimal(0), approved_amount__lte=models.F("asked_amount")),
                name="approved_is_at_most_what_was_asked",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.APPROVED) | Q(approved_amount__isnull=False, claim_by__isnull=False),
                name="approved_request_says_how_much_until_when",
            ),
            models.CheckConstraint(condition=Q(deemed__in=Deemed.values), name="fund_request_deemed_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "decide_by"], condition=~Q(deemed=Deemed.NONE), name="fund_request_to_be_deemed"
            ),
            models.Index(fields=["tenant", "partner_path", "saved_at", "id"], name="fund_request_of_partner"),
            models.Index(fields=["tenant", "saved_at", "id"], name="fund_request_latest"),
            models.Index(fields=["tenant", "status", "decide_by", "id"], name="fund_request_to_decide"),
            models.Index(fields=["tenant", "allocation"], name="fund_request_of_allocation"),
            models.Index(
                fields=["tenant", "thrown_away_at"],
                condition=Q(thrown_away_at__isnull=False),
                name="request_thrown_away",
            ),
            models.Index(fields=["tenant", "status", "claim_by"], name="fund_request_to_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    def move(self, action: RequestAction) -> None:
        """Take the action, or raise `request_lifecycle.NotAllowed`."""
        self.status = request_lifecycle.after(RequestStatus(self.status), action)
        self.version += 1

    def restore(self, status: RequestStatus) -> None:
        """Go back to where a decision that is being undone found it."""
        self.status = status
        self.version += 1

    def can(self, action: RequestAction) -> bool:
        """Say whether the life-cycle allows an action now."""
        return request_lifecycle.allows(RequestStatus(self.status), action)

    @property
    def planned(self) -> Money | None:
        return Money(self.planned_amount, self.currency) if self.currency else None

    @property
    def asked(self) -> Money | None:
        return Money(self.asked_amount, self.currency) if self.currency else None

    @property
    def approved(self) -> Money | None:
        return Money(self.approved_amount, self.currency) if self.approved_amount is not None else None

    @property
    def expected_revenue_money(self) -> Money | None:
        is_known = self.expected_revenue is not None and self.currency
        return Money(self.expected_revenue, self.currency) if is_known else None

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_approved(self) -> bool:
        return self.status == RequestStatus.APPROVED

    def may_be_claimed(self, today: date) -> bool:
        """Say whether the activity has begun and the deadline for claims is not over."""
        assert self.starts_on is not None
        return self.is_approved and self.claim_by is not None and self.starts_on <= today <= self.claim_by


class FundRequestLine(PartnerModel):
    """A cost of the planned activity: what it is, what it costs, what of it the vendor is asked for and pays."""

    request = TenantForeignKey(FundRequest, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    planned_amount = models.DecimalField(**AMOUNT)
    asked_amount = models.DecimalField(**AMOUNT)
    approved_amount = models.DecimalField(**AMOUNT, null=True, blank=True)
    currency = models.CharField(max_length=3)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "request", "position"], name="request_lines_are_in_order"),
            models.CheckConstraint(condition=Q(planned_amount__gt=Decimal(0)), name="planned_cost_is_positive"),
            models.CheckConstraint(
                condition=Q(asked_amount__gte=Decimal(0), asked_amount__lte=models.F("planned_amount")),
                name="asked_is_at_most_the_cost",
            ),
            models.CheckConstraint(
                condition=Q(approved_amount__isnull=True)
                | Q(approved_amount__gte=Decimal(0), approved_amount__lte=models.F("asked_amount")),
                name="line_gets_at_most_what_was_asked",
            ),
        ]

    @property
    def planned(self) -> Money:
        return Money(self.planned_amount, self.currency)

    @property
    def asked(self) -> Money:
        return Money(self.asked_amount, self.currency)

    @property
    def approved(self) -> Money | None:
        return Money(self.approved_amount, self.currency) if self.approved_amount is not None else None
