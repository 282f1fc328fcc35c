"""The company a partner's people work for, as the vendor knows it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners import permissions
from partners.queries import partners as queries
from prm.accounts.guards import requires
from prm.ui.navigation import Visit


@require_GET
@requires(permissions.can_see_company)
def company(request: HttpRequest) -> HttpResponse:
    """Show one's own company, its tier and, for a distributor that sees them, its resellers."""
    today = Visit.of(request).today
    partner = queries.own(request.member, today)
    context = {
        "partner": partner,
        "history": queries.tier_history(partner),
        "resellers": queries.resellers_of(partner, today),
        "tiers": [tier.name for tier in queries.tiers()],
    }
    return render(request, "partners/company/company.html", context)
