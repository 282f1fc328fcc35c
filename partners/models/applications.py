"""A firm that wants to become a partner, the secret addresses it reaches its application by, and who wants to join."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from partners.enums import ApplicationAction, ApplicationStatus, JoinStatus, LinkPurpose, PartnerType
from partners.models.partners import Partner
from partners.models.programs import Tier
from partners.rules import application_lifecycle as lifecycle
from partners.rules.duplicates import Company
from prm import companies
from prm.accounts.models import Membership
from prm.policies.courses import Deemed
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet, VendorModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "null": True,
    "blank": True,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}
UNSENT = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN, ApplicationStatus.EXPIRED)


class ApplicationQuerySet(TenantQuerySet):
    def sent(self) -> ApplicationQuerySet:
        """Rows the vendor may look at: what a stranger has not sent, or not confirmed, stays with the stranger."""
        return self.exclude(number="")

    def waiting(self) -> ApplicationQuerySet:
        """Rows that wait for the vendor's decision."""
        return self.filter(status__in=lifecycle.WAITING)

    def open(self) -> ApplicationQuerySet:
        """Rows that may still become a partner."""
        return self.filter(status__in=lifecycle.OPEN)


class Application(VendorModel):
    """What a firm tells about itself to become a partner, and what became of it.

    Its people have no login: they come through the secret of an `ApplicationLink`.
    """

    number = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=16, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT)
    type = models.CharField(max_length=20, choices=PartnerType.choices)
    language = models.CharField(max_length=8)

    company_name = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.CharField(max_length=254, blank=True)
    name_key = models.CharField(max_length=260, blank=True, db_collation="C")
    domain_key = models.CharField(max_length=253, blank=True, db_collation="C")
    email_key = models.CharField(max_length=253, blank=True, db_collation="C")
    tax_key = models.CharField(max_length=60, blank=True, db_collation="C")

    typed = models.JSONField(default=dict, blank=True)  # a draft exactly as typed, right or wrong
    answers = models.JSONField(default=dict, blank=True)
    custom = models.JSONField(default=dict, blank=True)  # values of the vendor's own fields, by their keys
    score = models.PositiveIntegerField(default=0)
    score_most = models.PositiveIntegerField(default=0)
    policy = TenantForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")

    owner = models.ForeignKey(**PERSON)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # complete; the address is still to be confirmed
    sendings = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    deemed = models.CharField(max_length=10, choices=Deemed.choices, default=Deemed.NONE)  # what silence counts as
    answer_by = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)
    reason_code = models.CharField(max_length=40, blank=True)
    decision_note = models.TextField(max_length=2000, blank=True)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ApplicationQuerySet)()

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number"], condition=~Q(number=""), name="application_numbers_differ"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ApplicationStatus.values), name="application_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNSENT)
                | Q(submitted_at__isnull=False, decide_by__isnull=False)
                & ~Q(number="")
                & ~Q(company_name="")
                & ~Q(contact_email=""),
                name="submitted_application_is_complete",
            ),
            models.CheckConstraint(condition=Q(deemed__in=Deemed.values), name="application_deemed_is_known"),
            models.CheckConstraint(
                condition=Q(status=ApplicationStatus.APPROVED, partner__isnull=False)
                | ~Q(status=ApplicationStatus.APPROVED) & Q(partner__isnull=True),
                name="approved_application_has_a_partner",
            ),
            models.CheckConstraint(
                condition=Q(score__lte=models.F("score_most")), name="score_is_not_more_than_can_be_reached"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "decide_by", "id"], name="application_to_decide"),
            models.Index(
                fields=["tenant", "decide_by"], condition=~Q(deemed=Deemed.NONE), name="application_to_be_deemed"
            ),
            models.Index(fields=["tenant", "submitted_at", "id"], name="application_latest"),
            models.Index(fields=["tenant", "expires_at"], condition=Q(status="draft"), name="application_draft_end"),
            models.Index(fields=["tenant", "name_key"], condition=~Q(name_key=""), name="application_name"),
            models.Index(fields=["tenant", "domain_key"], condition=~Q(domain_key=""), name="application_domain"),
            models.Index(fields=["tenant", "email_key"], condition=~Q(email_key=""), name="application_email"),
            models.Index(fields=["tenant", "tax_key"], condition=~Q(tax_key=""), name="application_tax"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.company_name}".strip()

    def move(self, action: ApplicationAction) -> None:
        """Take the action, or raise `lifecycle.NotAllowed`."""
        self.status = lifecycle.after(ApplicationStatus(self.status), action)
        self.version += 1

    def restore(self, status: ApplicationStatus) -> None:
        """Go back to where a decision that is being undone found it."""
        self.status = status
        self.version += 1

    def can(self, action: ApplicationAction) -> bool:
        return lifecycle.allows(ApplicationStatus(self.status), action)

    def stamp_keys(self) -> None:
        """Write the normalised keys of the company as typed; duplicates are looked up by them."""
        self.name_key = companies.name_key(self.company_name, self.country)
        self.domain_key = companies.domain_key(self.website)
        self.tax_key = companies.tax_key(self.tax_id, self.country)
        domain = companies.email_domain(self.contact_email)
        self.email_key = "" if companies.is_free_mail(domain) else domain

    @property
    def company(self) -> Company:
        """Return the company's keys for the rule that finds duplicates."""
        return Company(self.name_key, self.domain_key, self.tax_key, frozenset(filter(None, [self.email_key])))

    @property
    def has_free_mail(self) -> bool:
        return companies.is_free_mail(companies.email_domain(self.contact_email))

    @property
    def is_waiting(self) -> bool:
        return self.status in lifecycle.WAITING

    @property
    def awaits_confirmation(self) -> bool:
        """Sent, but whoever reads the mail of that address has not said yes."""
        return self.status == ApplicationStatus.DRAFT and self.sent_at is not None


class ApplicationLink(VendorModel):
    """A secret address that opens one application without a login; only the digest of the secret is kept."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=LinkPurpose.choices)
    secret_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "secret_digest"], name="application_secrets_differ"),
            models.CheckConstraint(condition=Q(purpose__in=LinkPurpose.values), name="link_purpose_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "application"], name="link_of_application")]


class JoinRequestQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> JoinRequestQuerySet:
        """Rows this person may see: confirmed ones, of the own firm or of any."""
        rows = self.exclude(status=JoinStatus.UNCONFIRMED)
        return rows if member.is_vendor else rows.filter(partner_id=member.partner_id)

    def open(self) -> JoinRequestQuerySet:
        return self.filter(status=JoinStatus.OPEN)


class JoinRequest(PartnerModel):
    """Somebody who says they work for a partner and asks to be let in.

    Which partner is found by what the person typed; found or not, the person is never told.
    """

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="join_requests")
    status = models.CharField(max_length=12, choices=JoinStatus.choices, default=JoinStatus.UNCONFIRMED)
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)
    company_name = models.CharField(max_length=200)
    website = models.CharField(max_length=253, blank=True)
    message = models.TextField(max_length=1000, blank=True)
    reasons = ArrayField(models.CharField(max_length=10), default=list)
    language = models.CharField(max_length=8)
    secret_digest = models.CharField(max_length=64)
    typed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON)

    objects = TenantManager.from_queryset(JoinRequestQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "secret_digest"], name="join_secrets_differ"),
            models.UniqueConstraint(
                fields=["tenant", "email"], condition=Q(status="open"), name="one_open_join_request_per_address"
            ),
            models.CheckConstraint(condition=Q(status__in=JoinStatus.values), name="join_status_is_known"),
            models.CheckConstraint(
                condition=Q(partner__isnull=True, partner_path="") | Q(partner__isnull=False) & ~Q(partner_path=""),
                name="join_request_goes_to_its_partner",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "partner_path", "status", "asked_at"], name="join_of_partner")]

    def __str__(self) -> str:
        return f"{self.name} ({self.company_name})"
