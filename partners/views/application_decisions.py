"""What the vendor's people decide. Each decision leads to the next application of the list it was made in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import push_url, reswap, retarget, trigger_client_event

from partners import permissions
from partners.forms.application_decisions import (
    ApprovalForm,
    DecisionForm,
    OwnerForm,
    QuestionForm,
    RejectionForm,
)
from partners.forms.application_lists import InboxList
from partners.models import Application
from partners.queries import application_people as people
from partners.queries import applications as queries
from partners.services import application_decisions as decisions
from partners.views import application_inbox as inbox
from partners.views.application_inbox import find
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.inboxes import Place

CLOSE_DIALOG = "portal:close"
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
    return redirect(inbox.item_url(application, inbox.listing_of(request)))


@require_POST
@requires(permissions.can_decide_applications)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    application = find(request, pk)
    listing = inbox.listing_of(request)
    try:
        decisions.undo(application, by=request.member, at=timezone.now())
    except DomainError as refusal:
        if request.htmx:
            response = render(request, "partners/applications/_said.html", {"sentence": refusal.sentence}, status=409)
            return reswap(retarget(response, "closest .toast"), "outerHTML")
        context = {"refusal": refusal.sentence}
        return inbox.page(request, listing, find(request, pk), opened="item", status=409, **context)
    if not request.htmx:
        messages.success(request, _("Decision undone"))
        return redirect(inbox.item_url(application, listing))
    application = find(request, pk)
    response = render(request, "partners/applications/_undone.html", _both(request, listing, application))
    return push_url(response, inbox.item_url(application, listing))


def _deciders() -> list[Any]:
    return people.deciders(permissions.can_decide_applications.roles)


def _decide(request: HttpRequest, application: Application, kind: type[DecisionForm], service: Service) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next application."""
    dossier = queries.dossier_of(application, inbox.today_of(request))
    initial: dict[str, Any] = {"version": application.version}
    if kind is ApprovalForm:
        initial |= ApprovalForm.suggested(dossier, request.member)
    form = kind(request.POST or None, initial=initial, dossier=dossier, deciders=_deciders())
    if request.method == "POST" and form.is_valid():
        listing = inbox.listing_of(request)
        place = listing.place_of(application)
        try:
            decided = service(application, **form.facts, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return _dialog(request, application, form, refusal=refusal)
        return _next(request, listing, place, decided)
    return _dialog(request, application, form)


# -- answers -------------------------------------------------------------------------------------------
def _both(request: HttpRequest, listing: InboxList, application: Application | None) -> dict[str, Any]:
    """What the list and the item show, for an answer that changes both."""
    context = inbox.list_context(request, listing, application)
    return context | (inbox.item_context(request, listing, application) if application else {})


def _next(request: HttpRequest, listing: InboxList, place: Place, decided: Application) -> HttpResponse:
    """Go on to the application after the one just decided, saying what was done and offering to undo it."""
    following = listing.next_to(place)
    following = find(request, following.pk) if following else None
    url = inbox.item_url(following, listing) if following else _list_url() + listing.tail
    if not request.htmx:
        if decided.partner_id:
            words = _("%(company)s is a partner now; its first administrator is invited")
            messages.success(request, words % {"company": decided.company_name})
            return redirect(url)
        return redirect(f"{url}&decided={decided.pk}")
    context = _both(request, listing, following)
    context |= {"decided": {"application": find(request, decided.pk)}, "takes_focus": True}
    response = render(request, "partners/applications/_next.html", context)
    response = reswap(retarget(push_url(response, url), "#item"), "outerHTML")
    return trigger_client_event(response, CLOSE_DIALOG)


def _dialog(
    request: HttpRequest, application: Application, form: DecisionForm, *, refusal: DomainError | None = None
) -> HttpResponse:
    """Show a form as a dialog, or as a page of its own; after a refusal the application behind it is renewed."""
    context: dict[str, Any] = {"application": application, "form": form, "tail": inbox.listing_of(request).tail}
    status = 422 if form.is_bound else 200
    if refusal:
        application = find(request, application.pk)
        form.data = form.data.copy()
        form.data["version"] = application.version  # whoever sends it again has seen what changed
        refusal.facts["for_vendor"] = True
        form.add_error(None, refusal.sentence)
        context["application"], status = application, 409
    form.take_focus()
    if not inbox.is_fragment(request):
        return render(request, "partners/applications/dialog.html", context, status=status)
    context["is_in_inbox"] = (request.htmx.current_url_abs_path or "").startswith(_list_url())
    if refusal and context["is_in_inbox"]:
        context |= _both(request, inbox.listing_of(request), application) | {"renews": True}
    response = render(request, "partners/applications/_dialog.html", context, status=status)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _list_url() -> str:
    return reverse("partners:applications-to-decide")
