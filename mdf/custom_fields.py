"""The fields that a vendor adds to requests for funds and to claims."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.models import Claim, FundRequest
from mdf.queries import claim_facts, facts, rules
from mdf.rules.catalogue import AREA, CLAIM
from mdf.services import approvals
from prm.custom_fields.kinds import kind

kind(
    AREA,
    _("Requests for marketing funds"),
    model=FundRequest,
    catalogue=rules.catalogue_for_everybody,
    facts=facts.of_requests,
    visible_to=FundRequest.objects.visible_to,
    page="mdf:request",
    permission=permissions.can_decide,
    area=AREA,
    changed=approvals.follow_values,
    order=30,
)
kind(
    CLAIM,
    _("Claims"),
    model=Claim,
    catalogue=claim_facts.catalogue_for_everybody,
    facts=claim_facts.of_claims,
    visible_to=Claim.objects.visible_to,
    page="mdf:claim",
    permission=permissions.can_decide_claims,
    area=CLAIM,
    changed=approvals.follow_values,
    order=32,
)
