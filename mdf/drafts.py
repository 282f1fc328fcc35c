"""Requests and claims that were never sent can be thrown away and put back."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import Claim, FundRequest
from mdf.services import claims
from prm.accounts.models import Membership
from prm.drafts.kinds import Kind, drafts_of


def own_requests(member: Membership) -> QuerySet[FundRequest]:
    return FundRequest.objects.visible_to(member).filter(partner_id=member.partner_id)


def own_claims(member: Membership) -> QuerySet[Claim]:
    rows = Claim.objects.visible_to(member).filter(partner_id=member.partner_id)
    return rows.select_related("request")


drafts_of(
    Kind(
        FundRequest,
        _("Fund request"),
        permissions.can_request,
        own=own_requests,
        is_draft=lambda row: row.status == RequestStatus.DRAFT,
        form="mdf:request-form",
        beside=lambda row: reverse("mdf:requests"),
    )
)
drafts_of(
    Kind(
        Claim,
        _("Claim"),
        permissions.can_claim,
        own=own_claims,
        is_draft=lambda row: row.status == ClaimStatus.DRAFT,
        form="mdf:claim-form",
        beside=lambda row: reverse("mdf:request", args=[row.request_id]),
        refuse_unfit=lambda row, at: claims.refuse_second(row),
    )
)
