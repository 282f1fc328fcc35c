"""Claims, as partners and the vendor see them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mdf import permissions
from mdf.forms.claim_lists import ClaimList
from mdf.models import Claim, ClaimLine
from mdf.rules.catalogue import CLAIM
from partners.api.partners import PartnerRefBody
from prm.accounts.models import Membership
from prm.api.bodies import Body, CustomField, MoneyField
from prm.api.resources import Resource, resource


class ClaimLineBody(Body):
    """One invoice, or part of one."""

    cost = MoneyField(amount="cost_amount")
    asked = MoneyField(amount="asked_amount")
    approved = MoneyField(amount="approved_amount", decided="claim.decided_at")

    class Meta:
        model = ClaimLine
        fields = ["id", "what", "supplier", "invoice_number", "invoice_on", "cost", "asked", "approved"]


class ClaimBody(Body):
    """Money asked back for an approved request."""

    partner = PartnerRefBody()
    owner = serializers.CharField(source="owner.name")
    fund = serializers.CharField(source="fund.name")
    cost = MoneyField(amount="cost_amount")
    asked = MoneyField(amount="asked_amount")
    approved = MoneyField(amount="approved_amount")
    paid = MoneyField(amount="paid_amount")
    clawed_back = MoneyField(amount="clawed_back_amount")
    lines = ClaimLineBody(many=True)
    custom = CustomField(CLAIM)

    class Meta:
        model = Claim
        fields = [
            "id", "number", "request_id", "partner", "owner", "status", "fund", "share_percent", "cost", "asked",
            "approved", "paid", "clawed_back", "settled_on", "is_final", "result", "leads_won", "lines", "started_at",
            "saved_at", "submitted_at", "decide_by", "answer_by", "decided_at", "reason_code", "decision_note",
            "pay_by", "paid_on", "custom",
        ]  # fmt: skip


@resource
class Claims(Resource):
    name, area, label = "claims", "mdf", _("Claims")
    about = _("What a partner asks back after an activity, by invoice.")
    permission = permissions.can_see
    listing, body, kind = ClaimList, ClaimBody, CLAIM

    def rows(self, member: Membership) -> QuerySet[Claim]:
        lines = ClaimLine.objects.order_by("position", "id")
        rows = Claim.objects.visible_to(member).select_related("partner", "owner", "fund", "request")
        return rows.prefetch_related(Prefetch("lines", queryset=lines))
