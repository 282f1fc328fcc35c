"""Finding the registration a page is about, for the person who asks."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from deals.enums import Review
from deals.models import Registration
from deals.queries import behalf
from deals.queries.terms import today_of_vendor
from partners.models import Partner


def find(request: HttpRequest, pk: UUID) -> Registration:
    """Return the registration if this person may see it; to everybody else it does not exist."""
    rows = Registration.objects.visible_to(request.member)
    rows = rows.select_related("partner", "policy", "owner", "entered_by", "decided_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def find_sent(request: HttpRequest, pk: UUID) -> Registration:
    """Return the registration if it was sent: of a draft, nobody decides anything."""
    found = find(request, pk)
    if found.review == Review.DRAFT:
        raise Http404
    return found


def whose(request: HttpRequest) -> Partner | None:
    """Return on whose behalf a form is filled in, if not the own firm's; whom nobody may choose, does not exist."""
    asked = request.POST.get("partner", "") if request.method == "POST" else request.GET.get("partner", "")
    if not asked or asked == str(request.member.partner_id):
        return None
    try:
        return behalf.partners_for(request.member, today_of_vendor(timezone.now())).get(pk=UUID(asked))
    except (ValueError, Partner.DoesNotExist) as error:
        raise Http404 from error


def go_to(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Go to the registration's page, or to the list if it is no longer this person's to see."""
    if not Registration.objects.visible_to(request.member).filter(pk=registration.pk).exists():
        return redirect("deals:registrations")
    return redirect("deals:registration", registration.pk)
