"""What people can be certified in, and the certificates of the people of partners."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from partners.enums import CertificateAction, CertificateStatus, CertifiedRole
from partners.models.agreements import PERSON
from partners.models.partners import Partner
from partners.rules import certificate_lifecycle, moving
from prm.accounts.models import Membership
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantModel, TenantQuerySet


class Certification(TenantModel):
    """Something people of partners can be certified in; without months it is valid for good."""

    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=CertifiedRole.choices)
    description = models.CharField(max_length=300, blank=True)
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="certification_names_differ"),
            models.CheckConstraint(condition=Q(role__in=CertifiedRole.values), name="certified_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CertificateQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> CertificateQuerySet:
        """Rows this person may see: those of the own firm, and all for the vendor."""
        return self if member.is_vendor else self.filter(partner_id=member.partner_id)

    def valid_on(self, day: date) -> CertificateQuerySet:
        """Confirmed ones that were or will be valid on a day."""
        confirmed = self.filter(status__in=(CertificateStatus.ACTIVE, CertificateStatus.EXPIRED), issued_on__lte=day)
        return confirmed.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=day))


class Certificate(PartnerModel):
    """A person's certificate; `expires_on` is its last valid day, `note` says why it was returned or revoked."""

    certification = TenantForeignKey(Certification, on_delete=models.PROTECT, related_name="certificates")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(**PERSON)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=CertificateStatus.choices, default=CertificateStatus.SUBMITTED)
    note = models.TextField(max_length=2000, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    submitted_by = models.ForeignKey(**PERSON)
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(**PERSON, null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(CertificateQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "certification", "number", "issued_on"],
                condition=Q(status__in=["submitted", "returned", "active"]),
                name="certificate_numbers_differ",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CertificateStatus.values), name="certificate_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="certificate_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner", "status"], name="certificate_of_partner"),
            models.Index(fields=["tenant", "status", "expires_on", "id"], name="certificate_expiring"),
            models.Index(fields=["tenant", "status", "submitted_at", "id"], name="certificate_to_confirm"),
        ]

    def __str__(self) -> str:
        return f"{self.certification} {self.number}"

    def move(self, action: CertificateAction) -> None:
        """Take an action of the table, or raise `NotAllowed`."""
        self.status = moving.after(certificate_lifecycle.TABLE, CertificateStatus(self.status), action)
        self.version += 1
