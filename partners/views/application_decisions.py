"""What the vendor's people decide. Each decision leads to the next application of the list it was made in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners import permissions
from partners.forms.application_decisions import (
    ApprovalForm,
    DecisionForm,
    OwnerForm,
    QuestionForm,
    RejectionForm,
)
from partners.models import Application
from partners.queries import application_people as people
from partners.queries import applications as queries
from partners.services import application_decisions as decisions
from partners.views import application_inbox as inbox
from partners.views.application_inbox import desk, find
from prm.accounts.guards import requires

Service = Callable[..., Application]


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_applications)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve, with the type, tier, channel manager, distributor and first administrator."""
    return _decide(request, find(request, pk), ApprovalForm, decisions.approve)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_applications)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the applicant for information."""
    return _decide(request, find(request, pk), QuestionForm, decisions.ask)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_applications)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    return _decide(request, find(request, pk), RejectionForm, decisions.reject)


@require_POST
@requires(permissions.can_decide_applications)
def owner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the application to somebody, or back to the team."""
    application = find(request, pk)
    form = OwnerForm(request.POST, application=application, deciders=_deciders())
    if form.is_valid():
        decisions.assign(application, form.chosen, by=request.member, at=timezone.now())
        messages.success(request, _("Owner changed"))
    return redirect(desk.address(application, desk.listing_of(request)))


@require_POST
@requires(permissions.can_decide_applications)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    return desk.undo(request, find(request, pk), decisions.undo)


def _deciders() -> list[Any]:
    return people.deciders(permissions.can_decide_applications.roles)


def _decide(request: HttpRequest, application: Application, kind: type[DecisionForm], service: Service) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next application."""
    dossier = queries.dossier_of(application, inbox.today_of(request))
    initial: dict[str, Any] = {"version": application.version}
    if kind is ApprovalForm:
        initial |= ApprovalForm.suggested(dossier, request.member)
    form = kind(request.POST or None, initial=initial, dossier=dossier, deciders=_deciders())
    return desk.decide(request, application, form, service)
