"""A firm that sells for the vendor."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from partners.enums import PartnerStatus, PartnerType
from prm import companies
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel


class Partner(PartnerModel):
    """A partner, and where it stands: directly under the vendor, or below a distributor.

    `partner_path` is its own path, `/<distributor>/<partner>/`; rows that belong to it carry a copy.
    """

    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=PartnerType.choices)
    status = models.CharField(max_length=12, choices=PartnerStatus.choices, default=PartnerStatus.ACTIVE)
    distributor = TenantForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="resellers")
    is_open_to_partners = models.BooleanField(default=False)  # a distributor that others than its own name on deals
    website = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    tax_id = models.CharField(max_length=40, blank=True)
    name_key = models.CharField(max_length=260, blank=True, db_collation="C")
    domain_key = models.CharField(max_length=253, blank=True, db_collation="C")
    tax_key = models.CharField(max_length=60, blank=True, db_collation="C")
    channel_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    joined_on = models.DateField()
    custom = models.JSONField(default=dict, blank=True)  # values of the vendor's own fields, by their keys

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "partner_path"], name="partner_paths_differ"),
            models.CheckConstraint(
                condition=Q(partner_path__regex=r"^/([0-9a-f]{32}/){1,2}$"), name="partner_path_is_a_path"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "name", "id"], name="partner_by_name"),
            models.Index(fields=["tenant", "name_key"], condition=~Q(name_key=""), name="partner_name"),
            models.Index(fields=["tenant", "domain_key"], condition=~Q(domain_key=""), name="partner_domain"),
            models.Index(fields=["tenant", "tax_key"], condition=~Q(tax_key=""), name="partner_tax"),
        ]

    def __str__(self) -> str:
        return self.name

    def stamp_keys(self) -> None:
        """Write the normalised keys of the company; whoever applies is compared with them."""
        self.name_key = companies.name_key(self.name, self.country)
        self.domain_key = companies.domain_key(self.website)
        self.tax_key = companies.tax_key(self.tax_id, self.country)

    @property
    def is_active(self) -> bool:
        return self.status == PartnerStatus.ACTIVE
