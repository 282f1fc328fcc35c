"""What channel managers decide. Each decision leads to the next registration of the list it was made in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from deals import permissions
from deals.enums import Award
from deals.forms.decisions import (
    AmendmentRefusalForm,
    ApprovalForm,
    AsideForm,
    DecisionForm,
    ExtensionRefusalForm,
    QuestionForm,
    RejectionForm,
    ResearchForm,
    RevocationForm,
)
from deals.models import Amendment, Registration
from deals.queries import amendments as amendment_queries
from deals.rules.terms import AREA
from deals.services import amendments, decisions, protection
from deals.views import inbox
from deals.views.finding import find_sent, go_to
from deals.views.inbox import desk
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError

Service = Callable[..., Registration]
Form = Callable[..., DecisionForm]


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve, or agree to the step that asks this person; where another comes first, with the reason why not it."""
    registration = find_sent(request, pk)
    if request.method == "GET" or "aside" in request.POST:
        service = partial(decisions.approve, award=Award.SOLE, only_if_asked=inbox.only_if_asked(request.member))
        return _decide(request, registration, AsideForm, service)
    listing = inbox.listing_of(request)
    place = listing.place_of(registration)
    form = ApprovalForm(request.POST)
    try:
        if not form.is_valid():
            raise decisions.AwardUnfit(registration=registration)
        facts: dict[str, Any] = form.cleaned_data | {"only_if_asked": inbox.only_if_asked(request.member)}
        decisions.approve(registration, by=request.member, at=timezone.now(), aside="", **facts)
    except DomainError as refusal:
        return desk.refuse(request, listing, registration, refusal)
    return desk.go_on(request, listing, place, registration)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""

    registration = find_sent(request, pk)
    service = partial(decisions.ask, only_if_asked=inbox.only_if_asked(request.member))
    custom = custom_fields.askable(KINDS[AREA], registration, timezone.now())
    return _decide(request, registration, partial(QuestionForm, custom=custom), service)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def research(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the time for research that the rules give."""
    service = partial(decisions.research, only_if_asked=inbox.only_if_asked(request.member))
    return _decide(request, find_sent(request, pk), ResearchForm, service, done=_("Time for research taken"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    service = partial(decisions.reject, only_if_asked=inbox.only_if_asked(request.member))
    return _decide(request, find_sent(request, pk), RejectionForm, service)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give more days at once, or refuse them with a reason."""
    registration = find_sent(request, pk)
    if request.POST.get("decision") != "approve":
        return _decide(request, registration, ExtensionRefusalForm, _refuse_extension, done=_("Extension rejected"))
    listing = inbox.listing_of(request)
    place = listing.place_of(registration)
    try:
        protection.extend(registration, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return desk.refuse(request, listing, registration, refusal)
    return desk.go_on(request, listing, place, registration, done=_("Protection extended"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def amendment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree to a change of facts at once, or refuse it with a reason."""
    registration = find_sent(request, pk)
    if request.POST.get("decision") != "approve":
        return _decide(request, registration, AmendmentRefusalForm, _refuse_amendment, done=_("Change refused"))
    listing = inbox.listing_of(request)
    place = listing.place_of(registration)
    form = DecisionForm(request.POST)
    form.full_clean()
    version = form.cleaned_data.get("version")
    try:
        amendments.approve(_waiting(registration), version=version, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return desk.refuse(request, listing, registration, refusal)
    return desk.go_on(request, listing, place, registration, done=_("Change approved"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def revocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a protection away, with a reason, and go back to the registration."""
    registration = find_sent(request, pk)
    form = RevocationForm(request.POST or None, initial={"version": registration.version})
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("reason_code", "note")}
        try:
            protection.revoke(registration, **facts, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return desk.dialog(request, registration, form, refusal=refusal)
        messages.success(request, _("Protection revoked"))
        return go_to(request, registration)
    return desk.dialog(request, registration, form)


@require_POST
@requires(permissions.can_agree)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    service = partial(decisions.undo, only_own=inbox.only_if_asked(request.member))
    return desk.undo(request, find_sent(request, pk), service)


def _refuse_extension(registration: Registration, *, version: int | None, **facts: Any) -> Registration:
    return protection.refuse_extension(registration, **facts)


def _waiting(registration: Registration) -> Amendment:
    """Return the amendment that waits. Raises `AmendmentOver`."""
    found = amendment_queries.waiting_of(registration)
    if found is None:
        raise amendments.AmendmentOver(registration=registration)
    return found


def _refuse_amendment(registration: Registration, *, version: int | None, **facts: Any) -> Registration:
    amendments.refuse(_waiting(registration), version=version, **facts)
    return registration


def _decide(
    request: HttpRequest, registration: Registration, kind: Form, service: Service, *, done: str = ""
) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next registration."""
    form = kind(request.POST or None, initial={"version": registration.version})
    return desk.decide(request, registration, form, service, done=done)
