"""The front door: which portals somebody has."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from prm.accounts import memberships
from prm.accounts.guards import for_anybody, for_signed_in


@require_GET
@for_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Lead somebody with a single portal straight into it."""
    portals = memberships.portals_of(request.user)
    if len(portals) == 1 and not request.user.is_operator:
        return redirect(portals[0].url)
    return render(request, "accounts/portals.html", {"own_portals": portals})


@require_GET
@for_signed_in
def all_portals(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/portals.html", {"own_portals": memberships.portals_of(request.user)})


@for_anybody
def no_sign_up(request: HttpRequest) -> HttpResponse:
    raise Http404
