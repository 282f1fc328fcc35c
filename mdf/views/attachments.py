"""Files on a request: uploaded one by one while the form is filled in, or together with it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from mdf import permissions
from mdf.enums import RequestStatus
from mdf.models import FundRequest
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.files import queries, services
from prm.files.subjects import can_change, can_open


@can_open("mdf.fundrequest")
def requests(member: Membership) -> QuerySet:
    """Whoever sees a request may open its files; sales people of the partner don't."""
    rows = FundRequest.objects.visible_to(member)
    return rows if member.has(permissions.can_see) else rows.none()


@can_change("mdf.fundrequest")
def is_open(request: FundRequest, member: Membership) -> bool:
    """A plan stays as it was submitted; it can be added to while the vendor asks."""
    if member.is_vendor:
        return member.has(permissions.can_decide)
    is_open = request.status in (RequestStatus.DRAFT, RequestStatus.INFO_REQUESTED)
    return is_open and request.partner_id == member.partner_id and member.has(permissions.can_request)


def entries(request: FundRequest | None) -> list[dict[str, Any]]:
    """Return the files of a request as the list of files shows them."""
    return [queries.entry(file) for file in queries.of(request)] if request else []


def take_all(http: HttpRequest, request: FundRequest) -> str:
    """Take the files that came with a form sent without scripts; return the first refusal's sentence."""
    for upload in http.FILES.getlist("files"):
        try:
            services.add(upload, on=request, by=http.member, at=timezone.now())
        except DomainError as refusal:
            return refusal.sentence
    return ""
