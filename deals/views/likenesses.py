"""What a person says about two customers that look like one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals import permissions
from deals.models import CustomerMerge, EndCustomer, Registration
from deals.services import likenesses, merging
from deals.views import customers
from deals.views.finding import find
from deals.views.inbox import desk
from prm.accounts.guards import requires
from prm.events.refusals import DomainError


@require_POST
@requires(permissions.can_decide)
def verdict(request: HttpRequest, pk: UUID, rival_pk: UUID) -> HttpResponse:
    """Tell the customers of two registrations apart, take that back, or make them one; and go on with the first."""
    registration, rival = find(request, pk), find(request, rival_pk)
    who: dict[str, Any] = {"by": request.member, "at": timezone.now()}
    match request.POST.get("verdict"):
        case "same":
            _make_one(request, registration, rival, who)
        case "undo":
            likenesses.untell(registration, rival, **who)
        case _:
            likenesses.tell_apart(registration, rival, **who)
            messages.success(request, _("They are no longer rivals"))
    return redirect(desk.address(registration, desk.listing_of(request)))


def _make_one(request: HttpRequest, registration: Registration, rival: Registration, who: dict[str, Any]) -> None:
    """Merge the customers, whichever was seen first staying, and offer to undo it on the way back here."""
    if not request.member.has(permissions.can_keep_customers):
        raise PermissionDenied
    ids = {registration.customer_id, rival.customer_id}
    kept, *others = EndCustomer.objects.filter(pk__in=ids).order_by("first_seen_at", "pk")
    for other in others:
        try:
            done = merging.merge(kept, other, **who)
        except DomainError as refusal:
            messages.error(request, refusal.sentence)
            return
        undo_url = f"{reverse('deals:customer-split', args=[done.pk])}?registration={registration.pk}"
        messages.success(request, _("They are one customer now"), extra_tags=undo_url)


@require_POST
@requires(permissions.can_keep_customers)
def of_customers(request: HttpRequest, pk: UUID, other_pk: UUID) -> HttpResponse:
    """Tell two customers apart, take that back, or merge the other into this one."""
    customer, other = customers.find(pk), customers.find(other_pk)
    who: dict[str, Any] = {"by": request.member, "at": timezone.now()}
    match request.POST.get("verdict"):
        case "same":
            try:
                done = merging.merge(customer, other, **who)
                undo_url = reverse("deals:customer-split", args=[done.pk])
                messages.success(request, _("They are one customer now"), extra_tags=undo_url)
            except DomainError as refusal:
                messages.error(request, refusal.sentence)
        case "undo":
            likenesses.untell_customers(customer, other, **who)
        case _:
            likenesses.tell_customers_apart(customer, other, **who)
            messages.success(request, _("They are two companies"))
    return redirect("deals:customer", customer.pk)


@require_POST
@requires(permissions.can_keep_customers)
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo a merge, however long ago."""
    merged = get_object_or_404(CustomerMerge.objects, pk=pk)
    restored = merging.split(merged, by=request.member, at=timezone.now())
    messages.success(request, _("%(name)s stands for itself again") % {"name": restored.name})
    asked = request.GET.get("registration", "")
    if asked and request.member.has(permissions.can_decide):
        try:
            return redirect(desk.address(find(request, UUID(asked)), desk.listing_of(request)))
        except ValueError:
            pass  # nobody's address
    return redirect("deals:customer", restored.pk)
