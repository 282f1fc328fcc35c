"""Quotes with their prices step by step. What a partner asks of its own customer is told to nobody here."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners.api.partners import PartnerRefBody
from prm.accounts.models import Membership
from prm.api.bodies import Body, MoneyField
from prm.api.resources import Resource, resource
from quotes import permissions
from quotes.forms.lists import QuoteList
from quotes.models import PriceStep, QuoteLine, QuoteRevision
from quotes.queries import quotes as queries


class StepBody(Body):
    """A step on the way from the list price to the net; between the two no decimal is rounded away."""

    class Meta:
        model = PriceStep
        fields = ["kind", "percent", "amount", "unit_before", "unit_after"]


class QuoteLineBody(Body):
    """A product, named and priced as it was when it was saved."""

    list_unit = MoneyField(amount="list_unit", currency="revision.quote.currency")
    net_unit = MoneyField(amount="net_unit", currency="revision.quote.currency")
    net_total = MoneyField(amount="net_total", currency="revision.quote.currency")
    steps = StepBody(many=True)

    class Meta:
        model = QuoteLine
        fields = ["id", "sku", "name", "unit", "quantity", "special_percent", "special_reason", "list_unit"]
        fields += ["net_unit", "net_total", "steps"]


class QuoteBody(Body):
    """A quote in its latest revision: what is offered, until when, at which prices."""

    id = serializers.UUIDField(source="quote_id")
    number = serializers.CharField(source="quote.number")
    revision = serializers.IntegerField(source="number")
    partner = PartnerRefBody(source="quote.partner")
    registration_id = serializers.UUIDField(source="quote.registration_id", allow_null=True)
    customer_name = serializers.CharField(source="quote.customer_name")
    customer_country = serializers.CharField(source="quote.customer_country")
    list_price = MoneyField(amount="list_total", currency="quote.currency")
    net = MoneyField(amount="net_total", currency="quote.currency")
    tax = MoneyField(amount="tax_total", currency="quote.currency")
    lines = QuoteLineBody(many=True)

    class Meta:
        model = QuoteRevision
        fields = [
            "id", "number", "revision", "is_current", "partner", "registration_id", "status", "approval", "language",
            "customer_name", "customer_country", "valid_until", "tier_name", "tier_percent", "list_price", "net", "tax",
            "tax_name", "tax_percent", "lines", "started_at", "saved_at", "sent_at", "decide_by", "decided_at",
            "issued_at", "answered_at", "purchase_order", "reason_code",
        ]  # fmt: skip


@resource
class Quotes(Resource):
    name, area, label = "quotes", "quotes", _("Quotes")
    about = _("Offers of partners, each in its latest revision, with the way from list to net price.")
    permission = permissions.can_see
    listing, body = QuoteList, QuoteBody

    found_by = "quote_id"

    def rows(self, member: Membership) -> QuerySet[QuoteRevision]:
        steps = Prefetch("steps", queryset=PriceStep.objects.order_by("position"))
        lines = QuoteLine.objects.select_related("revision__quote").prefetch_related(steps).order_by("position", "id")
        rows = queries.listed(QuoteRevision.objects.latest_for(member))
        return rows.prefetch_related(Prefetch("lines", queryset=lines))
