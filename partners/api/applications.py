"""Applications of those who want to become a partner, for the vendor's own programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from partners import permissions
from partners.api.partners import PartnerRefBody
from partners.forms.application_lists import AllApplicationsFilter, ApplicationList
from partners.models import Application
from partners.rules.catalogue import APPLICATION
from prm.accounts.models import Membership
from prm.api.bodies import Body, CustomField
from prm.api.resources import Resource, resource
from prm.ui.lists import Listing


class ApplicationBody(Body):
    """What a firm told about itself, and what became of it."""

    owner = serializers.CharField(source="owner.name", default=None, allow_null=True)
    partner = PartnerRefBody(allow_null=True)
    custom = CustomField(APPLICATION)

    class Meta:
        model = Application
        fields = [
            "id", "number", "status", "type", "language", "company_name", "website", "country", "city", "address",
            "tax_id", "contact_name", "contact_email", "score", "score_most", "owner", "submitted_at", "decide_by",
            "answer_by", "decided_at", "reason_code", "decision_note", "partner", "custom",
        ]  # fmt: skip


class ApplicationInput(AllApplicationsFilter):
    is_mine = None  # type: ignore[assignment]  # nothing belongs to a program


class ApplicationPages(Listing):
    filters, sorts = ApplicationInput, ApplicationList.sorts


@resource
class Applications(Resource):
    name, area, label = "applications", "partners", _("Applications")
    about = _("Companies that ask to become a partner.")
    permission = permissions.can_see_applications
    listing, body, kind = ApplicationPages, ApplicationBody, APPLICATION

    def rows(self, member: Membership) -> QuerySet[Any]:
        return Application.objects.sent().select_related("owner", "partner")
