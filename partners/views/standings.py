"""Where all partners stand with their tiers: who rises, who is warned, who is at risk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners import permissions
from partners.forms.standings import StandingList, by_urgency
from partners.queries import standings as queries
from prm.accounts.guards import requires
from prm.ui.navigation import Visit


@require_GET
@requires(permissions.can_see_program)
def listing(request: HttpRequest) -> HttpResponse:
    """List the partners by how urgently they need somebody."""
    rows = by_urgency(queries.with_tier(queries.all_outlooks(), Visit.of(request).today))
    context = {
        "listing": StandingList(request.GET, rows),
        "can_evaluate": request.member.has(permissions.can_evaluate),
    }
    return render(request, "partners/standings/list.html", context)
