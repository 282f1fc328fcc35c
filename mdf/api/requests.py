"""Requests for marketing funds, as partners and the vendor see them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mdf import permissions
from mdf.forms.lists import RequestList
from mdf.models import FundRequest, FundRequestLine
from mdf.rules.catalogue import AREA
from partners.api.partners import PartnerRefBody
from prm.accounts.models import Membership
from prm.api.bodies import Body, CustomField, MoneyField
from prm.api.resources import Resource, resource


class RequestLineBody(Body):
    """A cost of the planned activity."""

    planned = MoneyField(amount="planned_amount")
    asked = MoneyField(amount="asked_amount")
    approved = MoneyField(amount="approved_amount", decided="request.decided_at")

    class Meta:
        model = FundRequestLine
        fields = ["id", "what", "planned", "asked", "approved"]


class FundRequestBody(Body):
    """An activity a partner plans, what it costs, and which part of that the vendor is asked to pay."""

    partner = PartnerRefBody()
    owner = serializers.CharField(source="owner.name")
    fund = serializers.CharField(source="fund.name", default=None, allow_null=True)
    activity_type = serializers.CharField(source="activity_type.name", default=None, allow_null=True)
    expected_revenue = MoneyField(amount="expected_revenue")
    planned = MoneyField(amount="planned_amount")
    asked = MoneyField(amount="asked_amount")
    approved = MoneyField(amount="approved_amount")
    lines = RequestLineBody(many=True)
    custom = CustomField(AREA)

    class Meta:
        model = FundRequest
        fields = [
            "id", "number", "partner", "owner", "status", "fund", "activity_type", "registration_id", "title",
            "starts_on", "ends_on", "audience", "expected_result", "expected_leads", "expected_revenue",
            "share_percent", "planned", "asked", "approved", "lines", "started_at", "saved_at", "submitted_at",
            "decide_by", "answer_by", "decided_at", "reason_code", "decision_note", "claim_by", "closed_at", "custom",
        ]  # fmt: skip


@resource
class FundRequests(Resource):
    name, area, label = "fund-requests", "mdf", _("Fund requests")
    about = _("What a partner asks marketing money for, before it spends any.")
    permission = permissions.can_see
    listing, body, kind = RequestList, FundRequestBody, AREA

    def rows(self, member: Membership) -> QuerySet[FundRequest]:
        lines = FundRequestLine.objects.order_by("position", "id")
        rows = FundRequest.objects.visible_to(member).select_related("partner", "owner", "fund", "activity_type")
        return rows.prefetch_related(Prefetch("lines", queryset=lines))
