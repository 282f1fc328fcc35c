"""Finding the claim a page is about, for the person who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from mdf.models import Claim
from mdf.queries.claims import with_parts


def find(request: HttpRequest, pk: UUID) -> Claim:
    """Return the claim if this person may see it; to everybody else it does not exist."""
    found = with_parts(Claim.objects.visible_to(request.member)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def own(request: HttpRequest, pk: UUID) -> Claim:
    """Return a claim of one's own firm, or nothing to be found; distributors look, but do not act."""
    claim = find(request, pk)
    if claim.partner_id != request.member.partner_id:
        raise Http404
    return claim


def go_to(claim: Claim) -> HttpResponse:
    """Go to the claim's page."""
    return redirect("mdf:claim", claim.pk)
