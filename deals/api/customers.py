"""End customers, for the vendor's own programs only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from deals import permissions
from deals.forms.customers import CustomerList
from deals.models import EndCustomer
from prm.accounts.models import Membership
from prm.api.bodies import Body
from prm.api.resources import Resource, resource


class CustomerRefBody(Body):
    """Who it is about."""

    class Meta:
        model = EndCustomer
        fields = ["id", "name", "country", "website", "tax_id", "external_id"]


class CustomerBody(Body):
    """A firm that buys, as the vendor knows it; its other names and websites find it, too."""

    parent = serializers.SerializerMethodField(help_text=_("Id of the customer it belongs to"))

    class Meta:
        model = EndCustomer
        fields = [
            "id", "name", "other_names", "website", "other_websites", "tax_id", "country", "state", "city", "postcode",
            "address", "phone", "parent", "external_id", "first_seen_at",
        ]  # fmt: skip

    def get_parent(self, customer: EndCustomer) -> str | None:
        return str(customer.parent_id) if customer.parent_id else None


@resource
class Customers(Resource):
    name, area, label = "customers", "deals", _("End customers")
    about = _("Those who buy. One that was merged into another is told no more.")
    permission = permissions.can_see_customers
    listing, body = CustomerList, CustomerBody

    def rows(self, member: Membership) -> QuerySet[Any]:
        return EndCustomer.objects.standing()
