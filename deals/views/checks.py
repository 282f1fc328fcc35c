"""The pre-check while a customer is typed. A POST, so that customers' names stay out of address logs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from deals import permissions
from deals.queries import checks
from deals.queries.terms import today_of_vendor
from deals.views.finding import whose
from prm.accounts.guards import requires
from prm.tenancy.fields import uuid7


@require_POST
@requires(permissions.can_enter)
def check(request: HttpRequest) -> HttpResponse:
    """Answer the part of the form that says whether the customer is free."""
    partner = whose(request)
    typed = {name: request.POST.get(f"customer_{name}", "")[:260].replace("\0", "") for name in TYPED}
    try:
        result = checks.precheck(
            **typed,
            own_id=_own_id(request),
            by=request.member,
            today=today_of_vendor(timezone.now()),
            partner_id=partner.pk if partner else None,
        )
    except checks.TooManyChecks:
        return render(request, "deals/registrations/_check.html", {"is_paused": True})
    return render(request, "deals/registrations/_check.html", {"check": result})


TYPED = ("name", "website", "tax_id", "country")


def _own_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7()
