"""Partners, for the vendor's own programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners import permissions
from partners.forms.partners import PartnerList
from partners.models import Partner
from partners.queries import partners as queries
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import PARTNER
from prm.accounts.models import Membership
from prm.api.bodies import Body, CustomField
from prm.api.resources import Resource, resource


class PartnerRefBody(Body):
    """Whose it is."""

    class Meta:
        model = Partner
        fields = ["id", "name"]


class PartnerBody(Body):
    """A firm that sells for the vendor."""

    distributor = PartnerRefBody(allow_null=True)
    channel_manager = serializers.CharField(source="channel_manager.name", default=None, allow_null=True)
    tier = serializers.CharField(source="tier_name", allow_null=True, help_text=_("The tier it stands in today"))
    tier_since = serializers.DateField(allow_null=True)
    custom = CustomField(PARTNER)

    class Meta:
        model = Partner
        fields = [
            "id", "name", "type", "status", "distributor", "website", "country", "city", "address", "tax_id",
            "channel_manager", "joined_on", "tier", "tier_since", "custom",
        ]  # fmt: skip


@resource
class Partners(Resource):
    name, area, label = "partners", "partners", _("Partners")
    about = _("The firms that sell for the vendor, and where they stand.")
    permission = permissions.can_see_partners
    listing, body, kind = PartnerList, PartnerBody, PARTNER

    def rows(self, member: Membership) -> QuerySet[Any]:
        rows = Partner.objects.select_related("distributor", "channel_manager")
        return queries.with_tier(rows, today_of_vendor(timezone.now()))
