"""Finding the request, fund or share a page is about, for the person who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from mdf.enums import FundStatus
from mdf.models import FundAllocation, FundProgram, FundRequest
from mdf.queries.requests import WITH


def find(request: HttpRequest, pk: UUID) -> FundRequest:
    """Return the request for funds if this person may see it; to everybody else it does not exist."""
    found = FundRequest.objects.visible_to(request.member).select_related(*WITH).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def own(request: HttpRequest, pk: UUID) -> FundRequest:
    """Return a request of one's own firm, or nothing to be found; distributors look, but do not act."""
    found = find(request, pk)
    if found.partner_id != request.member.partner_id:
        raise Http404
    return found


def find_fund(request: HttpRequest, pk: UUID) -> FundProgram:
    """Return a fund; drafts exist for the vendor's people only."""
    rows = FundProgram.objects.select_related("policy", "made_by")
    if request.member.is_partner:
        rows = rows.exclude(status=FundStatus.DRAFT)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_share(request: HttpRequest, pk: UUID) -> FundAllocation:
    """Return a partner's share of a fund, within the walls of whoever asks."""
    found = FundAllocation.objects.select_related("fund__policy", "partner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def go_to(fund_request: FundRequest) -> HttpResponse:
    """Go to the request's page."""
    return redirect("mdf:request", fund_request.pk)
