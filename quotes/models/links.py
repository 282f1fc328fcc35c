"""How a customer gets to an offer without a login."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from deals.models.registrations import PERSON
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel
from quotes.models.quotes import QuoteRevision


class OfferLink(PartnerModel):
    """A secret address of an issued revision. Only its digest is kept, so it is shown once, to whoever makes it.

    A newer link or the partner closes it; a closed one still says calmly what became of the offer.
    """

    revision = TenantForeignKey(QuoteRevision, on_delete=models.CASCADE, related_name="links")
    secret_digest = models.CharField(max_length=64, db_collation="C")
    made_by = models.ForeignKey(**PERSON, null=True, blank=True)
    made_at = models.DateTimeField()
    sent_to = models.CharField(max_length=254, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "secret_digest"], name="customer_links_differ"),
            models.UniqueConstraint(
                fields=["tenant", "revision"], condition=Q(closed_at__isnull=True), name="a_revision_has_one_open_link"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
