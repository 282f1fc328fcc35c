"""Two or more partners after one customer: a case that is decided once, for all of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from deals.enums import CaseAction, CaseDecision, CaseResult, CaseStatus
from deals.models.customers import EndCustomer
from deals.models.registrations import PERSON, Registration
from deals.rules import cases
from prm.accounts.models import Membership
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet, VendorModel

UNDECIDED = (CaseStatus.OPEN, CaseStatus.EVIDENCE_REQUESTED)


class ConflictCase(VendorModel):
    """A conflict as the vendor sees it: which registrations, what was decided and why."""

    number = models.CharField(max_length=20)
    customer = TenantForeignKey(EndCustomer, on_delete=models.PROTECT, related_name="+")  # of the first registration
    status = models.CharField(max_length=20, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(**PERSON, null=True, blank=True)  # nobody where the terms open cases
    evidence_by = models.DateTimeField(null=True, blank=True)  # the latest that anybody has
    decision = models.CharField(max_length=10, choices=CaseDecision.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="case_numbers_differ"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="case_status_is_known"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decision="") | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="a_decided_case_says_what_was_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "opened_at", "id"], name="cases_by_status"),
            models.Index(fields=["tenant", "customer"], name="cases_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    def can(self, action: CaseAction) -> bool:
        return cases.allows(CaseStatus(self.status), action)

    def move(self, action: CaseAction) -> None:
        """Go where an action leads, or raise `NotAllowed`; whoever saves an older version is found out."""
        self.status = cases.after(CaseStatus(self.status), action)
        self.version += 1


class PartyQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> PartyQuerySet:
        """Rows of the registrations that this person may see."""
        return self.filter(registration__in=Registration.objects.visible_to(member).values("pk"))


class CaseParty(PartnerModel):
    """One registration in a conflict: all that its partner knows of the case, what it brought, and what it got."""

    case = TenantForeignKey(ConflictCase, on_delete=models.CASCADE, related_name="parties")
    registration = TenantForeignKey(Registration, on_delete=models.PROTECT, related_name="conflicts")
    number = models.CharField(max_length=20)  # of the case
    status = models.CharField(max_length=20, choices=CaseStatus.choices, default=CaseStatus.OPEN)  # of the case, too
    is_open = models.BooleanField(default=True)  # nothing is decided about it outside of the case
    families = ArrayField(models.UUIDField(), default=list, blank=True)  # that others are after, too
    joined_at = models.DateTimeField()

    question = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    evidence_by = models.DateTimeField(null=True, blank=True)
    stands_since = models.DateTimeField(null=True, blank=True)  # while the clock of its decision stands still
    reminded_at = models.DateTimeField(null=True, blank=True)
    evidence = models.TextField(max_length=4000, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(**PERSON, null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)

    result = models.CharField(max_length=10, choices=CaseResult.choices, blank=True)
    given_families = ArrayField(models.UUIDField(), default=list, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(PartyQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "case", "registration"], name="a_registration_joins_a_case_once"),
            models.UniqueConstraint(
                fields=["tenant", "registration"], condition=Q(is_open=True), name="a_registration_is_in_one_open_case"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner_path", "status", "joined_at"], name="parties_of_partner"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def waits_for_evidence(self) -> bool:
        return self.is_open and self.asked_at is not None and self.given_at is None and self.missed_at is None
