"""What a partner says of itself, beyond what identifies it."""

from __future__ import annotations

from django.db import models

from partners.models.partners import Partner
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class CompanyProfile(PartnerModel):
    """A partner's own words: how to call it, what it does, in which countries and for whom."""

    partner = TenantForeignKey(Partner, on_delete=models.CASCADE, related_name="profiles")
    phone = models.CharField(max_length=40, blank=True)
    description = models.TextField(max_length=1000, blank=True)
    regions = models.JSONField(default=list, blank=True)  # codes of countries
    industries = models.JSONField(default=list, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "partner"], name="one_profile_per_partner")]
