"""Deal registrations, as partners and the vendor see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from deals import permissions
from deals.api.registering import ACTS, LISTS, RegistrationInput
from deals.enums import KeyKind, Review
from deals.forms.lists import RegistrationList
from deals.models import Registration, RegistrationLine
from deals.queries import checks, registrations
from deals.queries.terms import today_of_vendor
from deals.rules.conflicts import Verdict
from deals.rules.terms import AREA
from deals.services import drafts
from deals.services import registrations as services
from partners.api.partners import PartnerRefBody
from partners.models import Partner
from prm.accounts.models import Membership, VendorProfile
from prm.api.bodies import Body, CustomField, MoneyField
from prm.api.resources import Resource, resource
from prm.tenancy.fields import uuid7


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


class FamilyCheckBody(serializers.Serializer):
    """How it stands with a product family, and until when, where the vendor lets partners know."""

    family = serializers.CharField(source="family.code")
    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict])
    until = serializers.DateField(allow_null=True)


class CheckBody(serializers.Serializer):
    """Whether the customer is free, as the check beside the form says it; never who else is after it."""

    verdict = serializers.ChoiceField(choices=[each.value for each in Verdict])
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=KeyKind.values))
    looks_alike = serializers.BooleanField()
    is_own = serializers.BooleanField(help_text=_("Your own firm has registered it already"))
    is_direct = serializers.BooleanField(help_text=_("The vendor works at it itself"))
    families = FamilyCheckBody(many=True)


class RegisteredBody(RegistrationBody):
    """A deal that was just registered."""

    check = serializers.SerializerMethodField(help_text=_("Null when it was asked for very often"))

    class Meta(RegistrationBody.Meta):
        fields = [*RegistrationBody.Meta.fields, "check"]

    @extend_schema_field(CheckBody(allow_null=True))
    def get_check(self, registration: Registration) -> dict[str, Any] | None:
        asked = {name: getattr(registration, f"customer_{name}") for name in ("name", "website", "tax_id", "country")}
        by, today = self.context["member"], today_of_vendor(self.context["at"])
        try:
            found = checks.precheck(**asked, own_id=registration.pk, by=by, today=today)
        except checks.TooManyChecks:
            return None
        return dict(CheckBody(found).data)


@resource
class Registrations(Resource):
    name, area, label = "registrations", "deals", _("Deal registrations")
    about = _(
        "A partner's request to be the one that sells to an end customer. What is sent is submitted at once, as by the "
        "form; files are added on its page."
    )
    permission, write_permission = permissions.can_see, permissions.can_register
    listing, body, kind = RegistrationList, RegistrationBody, AREA
    new, made, lists, acts = RegistrationInput, RegisteredBody, LISTS, ACTS

    def rows(self, member: Membership) -> QuerySet[Registration]:
        rows = Registration.objects.visible_to(member).select_related("partner", "owner")
        return registrations.with_lines(rows)

    def owned(self, member: Membership) -> QuerySet[Registration]:
        """A distributor sees the deals of its resellers, and leaves them to them."""
        return self.rows(member).filter(partner=member.partner_id).exclude(review=Review.DRAFT)

    def form(self, asked: type[forms.Form], typed: Any, *, by: Membership, at: datetime) -> forms.Form:
        currency = VendorProfile.objects.get().currency
        facts: dict[str, Any] = {"today": today_of_vendor(at), "currency": currency}
        return asked(typed, partner=Partner.objects.get(pk=by.partner_id), **facts)

    def make(self, form: Any, *, custom: Any, by: Membership, at: datetime) -> tuple[Registration, bool]:
        content = form.content(custom)
        draft = drafts.save(uuid7(), content, by=by, at=at)
        return services.submit(draft, content, by=by, at=at), True
