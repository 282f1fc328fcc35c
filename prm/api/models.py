"""Keys by which programs come in, and the answers they were given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prm.accounts.roles import PARTNER_ROLES, Role
from prm.choices import TextChoices
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel

PERSON: dict[str, Any] = {
    "to": settings.AUTH_USER_MODEL,
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
    "related_name": "+",
}


class ApiKey(PartnerModel):
    """A secret by which a program acts here: as a machine with a name and a role, which signs in nowhere.

    One without a partner is the vendor's; another one acts for its partner and sees what that partner sees.
    """

    class State(TextChoices):
        VALID = "valid", _("Valid")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)  # how the secret starts, to tell keys apart
    digest = models.CharField(max_length=64, db_collation="C")
    user = models.ForeignKey(**PERSON)  # in whose name it acts
    role = models.CharField(max_length=20, choices=Role.choices)
    partner_id = models.UUIDField(null=True, blank=True)
    firm = models.CharField(max_length=200, blank=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(**PERSON)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="a_secret_opens_one_key"),
            models.UniqueConstraint(
                fields=["tenant", "partner_id", "name"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="keys_of_a_firm_have_names",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(PARTNER_ROLES), partner_id__isnull=False) & ~Q(partner_path="")
                | ~Q(role__in=sorted(PARTNER_ROLES)) & Q(partner_id__isnull=True, partner_path=""),
                name="partner_keys_have_a_partner",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state(self, at: datetime) -> ApiKey.State:
        """Say whether the key still opens anything."""
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.VALID if at < self.expires_at else self.State.EXPIRED


class ApiAnswer(PartnerModel):
    """What a request that changes something was answered, so that the same one sent again changes nothing."""

    key = TenantForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255, db_collation="C")  # its Idempotency-Key
    request = models.CharField(max_length=64)  # a digest of what was asked
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField()

    class Meta(PartnerModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key", "name"], name="a_request_is_answered_once")]
        indexes = [models.Index(fields=["tenant", "at"], name="api_answers_by_time")]
