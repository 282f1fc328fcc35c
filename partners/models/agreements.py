"""The agreements a vendor keeps, their published versions, and what each partner was offered and signed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.enums import AgreementAction, AgreementStatus
from partners.models.partners import Partner
from partners.rules import agreement_lifecycle, agreements, moving
from partners.rules.agreements import Wording
from prm.accounts.models import Membership
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantModel, TenantQuerySet, VendorModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class AgreementText(VendorModel):
    """An agreement the vendor keeps, with its words as they are being written: `{language: {title, text}}`.

    Nobody is bound by them until they are published as a version. No partner types means every partner.
    """

    name = models.CharField(max_length=120)
    partner_types = models.JSONField(default=list, blank=True)
    wordings = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(**PERSON, null=True)
    saved_at = models.DateTimeField()

    class Meta(VendorModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="agreement_names_differ")]

    def __str__(self) -> str:
        return self.name

    @property
    def by_language(self) -> dict[str, Wording]:
        return {language: Wording.from_body(body) for language, body in self.wordings.items()}

    @property
    def digest(self) -> str:
        return agreements.digest(self.by_language)

    def is_for(self, partner_type: str) -> bool:
        return not self.partner_types or partner_type in self.partner_types


class AgreementVersion(TenantModel):
    """One published version of an agreement; never changed, only followed by the next."""

    is_append_only = True

    text = TenantForeignKey(AgreementText, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    wordings = models.JSONField()
    sha256 = models.CharField(max_length=64)
    effective_on = models.DateField()
    published_by = models.ForeignKey(**PERSON, null=True)
    published_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "text", "number"], name="agreement_versions_are_numbered"),
            models.CheckConstraint(condition=~Q(sha256=""), name="a_published_agreement_has_a_fingerprint"),
        ]

    @property
    def by_language(self) -> dict[str, Wording]:
        return {language: Wording.from_body(body) for language, body in self.wordings.items()}

    def language_for(self, wanted: str) -> str:
        """Return the language to show a reader: the wanted one, or the first there is."""
        return wanted if wanted in self.wordings else next(iter(self.wordings))

    def wording(self, language: str) -> Wording:
        return Wording.from_body(self.wordings[self.language_for(language)])


class AgreementQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> AgreementQuerySet:
        """Rows this person may see: a firm's agreements are nobody else's business, not even its distributor's."""
        return self if member.is_vendor else self.filter(partner_id=member.partner_id)

    def open(self) -> AgreementQuerySet:
        return self.filter(status=AgreementStatus.OFFERED)


class Agreement(PartnerModel):
    """A version of an agreement between the vendor and one partner, from the offer to the signature.

    The text is the vendor's own row, which partners cannot reach: their pages read the version only.
    """

    number = models.CharField(max_length=20)
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements")
    text = TenantForeignKey(AgreementText, on_delete=models.PROTECT, related_name="+")
    version = TenantForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=AgreementStatus.choices, default=AgreementStatus.OFFERED)
    offered_by = models.ForeignKey(**PERSON, null=True)
    offered_at = models.DateTimeField()
    accept_by = models.DateField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    decline_note = models.TextField(max_length=2000, blank=True)

    objects = TenantManager.from_queryset(AgreementQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="agreement_numbers_differ"),
            models.UniqueConstraint(
                fields=["tenant", "partner", "text"], condition=Q(status="offered"), name="one_open_offer_per_agreement"
            ),
            models.UniqueConstraint(
                fields=["tenant", "partner", "text"], condition=Q(status="accepted"), name="one_agreement_in_force"
            ),
            models.CheckConstraint(condition=Q(status__in=AgreementStatus.values), name="agreement_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(signer_name="")
                & ~Q(signer_title="")
                & ~Q(language=""),
                name="accepted_means_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "partner", "status"], name="agreement_of_partner"),
            models.Index(fields=["tenant", "status", "accept_by", "id"], name="agreement_to_accept"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status == AgreementStatus.OFFERED

    @property
    def is_signed(self) -> bool:
        """Whether somebody signed it, also when a newer version has replaced it since."""
        return bool(self.signer_name)

    def move(self, action: AgreementAction) -> None:
        """Take an action of the table, or raise `NotAllowed`."""
        self.status = moving.after(agreement_lifecycle.TABLE, AgreementStatus(self.status), action)
