"""Deal registrations, as partners and the vendor see them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from deals import permissions
from deals.enums import Review
from deals.forms.lists import RegistrationList
from deals.models import Registration, RegistrationLine
from deals.queries import registrations
from deals.rules.terms import AREA
from partners.api.partners import PartnerRefBody
from prm.accounts.models import Membership
from prm.api.bodies import Body, CustomField, MoneyField
from prm.api.resources import Resource, resource


class LineBody(Body):
    """A product family that a deal is about, and perhaps a product of it."""

    family = serializers.CharField(source="family.code", help_text=_("Code of the product family"))
    product = serializers.SerializerMethodField(help_text=_("Article number"))

    class Meta:
        model = RegistrationLine
        fields = ["family", "product", "quantity"]

    def get_product(self, line: RegistrationLine) -> str | None:
        return line.product.sku if line.product else None


class RegistrationBody(Body):
    """A deal that a partner registered. The customer is told as the partner typed it."""

    partner = PartnerRefBody()
    owner = serializers.CharField(source="owner.name")
    value = MoneyField()
    lines = LineBody(many=True)
    decision_note = serializers.SerializerMethodField()
    custom = CustomField(AREA)

    class Meta:
        model = Registration
        fields = [
            "id", "number", "partner", "owner", "review", "protection", "stage", "type", "source",
            "customer_name", "customer_website", "customer_country", "customer_city", "customer_tax_id",
            "contact_name", "contact_email", "value", "lines", "close_on", "starts_on", "tender_published_on",
            "reason_to_buy", "started_at", "saved_at", "submitted_at", "decide_by", "answer_by", "decided_at",
            "reason_code", "decision_note", "award", "award_percent", "points", "protected_from", "protected_until",
            "extensions", "closed_on",
            "order_reference", "competitor", "custom",
        ]  # fmt: skip

    def get_decision_note(self, registration: Registration) -> str:
        """As on the page, a partner reads why it was refused, not what else was noted."""
        is_told = self.context["member"].is_vendor or registration.review == Review.REJECTED
        return registration.decision_note if is_told else ""


@resource
class Registrations(Resource):
    name, area, label = "registrations", "deals", _("Deal registrations")
    about = _("A partner's request to be the one that sells to an end customer.")
    permission = permissions.can_see
    listing, body, kind = RegistrationList, RegistrationBody, AREA

    def rows(self, member: Membership) -> QuerySet[Registration]:
        rows = Registration.objects.visible_to(member).select_related("partner", "owner")
        return registrations.with_lines(rows)
