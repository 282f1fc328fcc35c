"""What the vendor works at itself, brought by its CRM. The time that counts is when it came here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from deals import permissions
from deals.api.customers import CustomerRefBody
from deals.forms.directs import NewOpportunityForm, OpportunityForm, OpportunityList
from deals.models import DirectOpportunity, ProductFamily
from deals.queries.terms import today_of_vendor
from deals.services import directs
from prm.accounts.models import Membership
from prm.api.bodies import Body
from prm.api.resources import Resource, resource

CUSTOMER = {"customer": ("name", "country", "website", "tax_id")}


class OpportunityBody(Body):
    """An opportunity of the vendor's own. `opened_on` is the CRM's; `logged_at`, by which it counts, is ours."""

    customer = CustomerRefBody()
    families = serializers.SerializerMethodField(help_text=_("Codes of product families; without any it is about all"))

    class Meta:
        model = DirectOpportunity
        fields = ["id", "external_id", "customer", "title", "families", "owner", "stage", "phase"]
        fields += ["opened_on", "logged_at", "closed_at", "version"]

    def get_families(self, row: DirectOpportunity) -> list[str]:
        codes = self.context.setdefault("families", dict(ProductFamily.objects.values_list("pk", "code")))
        return [codes[pk] for pk in row.families if pk in codes]


class _ByCode:
    """Product families are sent by their codes."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["families"].to_field_name = "code"


class NewInput(_ByCode, NewOpportunityForm):
    stage = forms.ChoiceField(label=_("Stage"), choices=NewOpportunityForm.base_fields["stage"].choices, required=False)  # type: ignore[attr-defined]

    def clean_stage(self) -> str:
        return self.cleaned_data["stage"] or "open"


class ChangeInput(_ByCode, OpportunityForm):
    version = None  # type: ignore[assignment]  # If-Match says it


@resource
class DirectOpportunities(Resource):
    name, area, label = "direct-opportunities", "deals", _("Direct opportunities")
    about = _(
        "What the vendor works at itself. One that is sent again under its external_id is brought up to date. Against "
        "a registration counts only what was logged before it was sent, by the time at which it came here."
    )
    permission, write_permission = permissions.can_see_direct, permissions.can_keep_direct
    listing, body = OpportunityList, OpportunityBody
    new, changed, parts = NewInput, ChangeInput, CUSTOMER

    def rows(self, member: Membership) -> QuerySet[DirectOpportunity]:
        return DirectOpportunity.objects.select_related("customer")

    def form(self, asked: type[forms.Form], typed: Any, *, by: Membership, at: datetime) -> forms.Form:
        return asked(typed, today=today_of_vendor(at))  # type: ignore[call-arg]

    def make(self, form: Any, *, custom: Any, by: Membership, at: datetime) -> tuple[DirectOpportunity, bool]:
        facts: dict[str, Any] = {"external_id": form.cleaned_data["external_id"], "by": by, "at": at}
        row = directs.log_opportunity(form.customer, form.opportunity, **facts)
        return row, row.version == 1 and row.logged_at == at

    def change(self, row: DirectOpportunity, form: Any, *, by: Membership, at: datetime) -> DirectOpportunity:
        return directs.change_opportunity(row, form.opportunity, version=row.version, by=by, at=at)
