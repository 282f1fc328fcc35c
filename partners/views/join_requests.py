"""People who say they work for a partner: its administrators and its channel manager let them in, or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.enums import JoinStatus, SameFact
from partners.forms.application_decisions import JoinInvitationForm
from partners.models import JoinRequest
from partners.queries import applications as queries
from partners.services import join_requests
from prm.accounts.guards import requires
from prm.accounts.roles import Role
from prm.events.refusals import DomainError


@require_GET
@requires(permissions.can_let_join)
def listing(request: HttpRequest) -> HttpResponse:
    """List who wants to join."""
    rows = list(queries.join_requests(request.member)[:100])
    return render(request, "partners/join_requests/list.html", {"requests": rows})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_let_join)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one of them, and turn it into an invitation."""
    wish = _find(request, pk)
    form = JoinInvitationForm(request.POST or None, needs_partner=wish.partner_id is None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                join_requests.invite(
                    wish,
                    Role(form.cleaned_data["role"]),
                    partner=form.cleaned_data.get("partner"),
                    by=request.member,
                    at=timezone.now(),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
            else:
                messages.success(request, _("%(name)s is invited") % {"name": wish.name})
                return redirect("partners:join-requests")
    context = {
        "wish": _find(request, pk),
        "form": form,
        "is_open": wish.status == JoinStatus.OPEN,
        "reasons": [SameFact(code).label for code in wish.reasons],
    }
    return render(request, "partners/join_requests/detail.html", context, status=status)


@require_POST
@requires(permissions.can_let_join)
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the request aside."""
    wish = _find(request, pk)
    try:
        join_requests.decline(wish, by=request.member, at=timezone.now())
        messages.success(request, _("Request declined"))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("partners:join-requests")


def _find(request: HttpRequest, pk: UUID) -> JoinRequest:
    rows = JoinRequest.objects.visible_to(request.member).select_related("partner", "decided_by")
    return get_object_or_404(rows, pk=pk)
