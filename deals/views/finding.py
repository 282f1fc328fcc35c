"""Finding the registration a page is about, for the person who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from deals.models import Registration


def find(request: HttpRequest, pk: UUID) -> Registration:
    """Return the registration if this person may see it; to everybody else it does not exist."""
    rows = Registration.objects.visible_to(request.member).select_related("partner", "policy", "owner", "decided_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def go_to(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Go to the registration's page, or to the list if it is no longer this person's to see."""
    if not Registration.objects.visible_to(request.member).filter(pk=registration.pk).exists():
        return redirect("deals:registrations")
    return redirect("deals:registration", registration.pk)
