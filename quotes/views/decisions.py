"""What approvers decide. Each decision leads to the next quote of the list it was made in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.inbox.forms import DecisionForm
from quotes import permissions
from quotes.forms.decisions import QuestionForm, RejectionForm
from quotes.services import approvals
from quotes.views.finding import find
from quotes.views.inbox import desk


@require_POST
@requires(permissions.can_approve)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve what waits for this person."""
    revision = find(request, pk)
    listing = desk.listing_of(request)
    place = listing.place_of(revision)
    form = DecisionForm(request.POST)
    form.full_clean()
    try:
        approvals.approve(revision, by=request.member, at=timezone.now(), version=form.cleaned_data.get("version"))
    except DomainError as refusal:
        return desk.refuse(request, listing, revision, refusal)
    return desk.go_on(request, listing, place, revision)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_approve)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""
    revision = find(request, pk)
    form = QuestionForm(request.POST or None, initial={"version": revision.version})
    return desk.decide(request, revision, form, approvals.ask)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_approve)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    revision = find(request, pk)
    form = RejectionForm(request.POST or None, initial={"version": revision.version})
    return desk.decide(request, revision, form, approvals.reject)


@require_POST
@requires(permissions.can_approve)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    return desk.undo(request, find(request, pk), approvals.undo)
