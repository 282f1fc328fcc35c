"""What approvers decide. Each decision leads to the next quote of the list it was made in."""

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

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.inboxes import Place
from quotes import permissions
from quotes.forms.decisions import DecisionForm, QuestionForm, RejectionForm
from quotes.forms.inbox import InboxList
from quotes.models import QuoteRevision
from quotes.services import approvals
from quotes.views import inbox
from quotes.views.finding import find

CLOSE_DIALOG = "portal:close"
Service = Callable[..., QuoteRevision]


@require_POST
@requires(permissions.can_approve)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve what waits for this person."""
    revision = find(request, pk)
    listing = inbox.listing_of(request)
    place = listing.place_of(revision)
    form = DecisionForm(request.POST)
    form.full_clean()
    try:
        approvals.approve(revision, by=request.member, at=timezone.now(), version=form.cleaned_data.get("version"))
    except DomainError as refusal:
        return _refused(request, listing, revision, refusal)
    return _next(request, listing, place, revision)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_approve)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""
    return _decide(request, find(request, pk), QuestionForm, approvals.ask)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_approve)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    return _decide(request, find(request, pk), RejectionForm, approvals.reject)


@require_POST
@requires(permissions.can_approve)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    revision = find(request, pk)
    listing = inbox.listing_of(request)
    try:
        approvals.undo(revision, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _said(request, refusal) if request.htmx else _refused(request, listing, revision, refusal)
    if not request.htmx:
        messages.success(request, _("Decision undone"))
        return redirect(inbox.item_url(revision, listing))
    revision = find(request, pk)
    response = render(request, "quotes/inbox/_undone.html", _both(request, listing, revision))
    return push_url(response, inbox.item_url(revision, listing))


def _decide(request: HttpRequest, revision: QuoteRevision, kind: type[DecisionForm], service: Service) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next quote."""
    form = kind(request.POST or None, initial={"version": revision.version})
    if request.method == "POST" and form.is_valid():
        listing = inbox.listing_of(request)
        place = listing.place_of(revision)
        try:
            service(revision, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return _dialog(request, revision, form, refusal=refusal)
        return _next(request, listing, place, revision)
    return _dialog(request, revision, form)


# -- answers -------------------------------------------------------------------------------------------
def _both(request: HttpRequest, listing: InboxList, revision: QuoteRevision | None) -> dict[str, Any]:
    """What the list and the item show, for an answer that changes both."""
    context = inbox.list_context(request, listing, revision)
    return context | (inbox.item_context(request, listing, revision) if revision else {})


def _next(request: HttpRequest, listing: InboxList, place: Place, decided: QuoteRevision) -> HttpResponse:
    """Go on to the quote after the one just decided, saying what was done and offering to undo it."""
    following = listing.next_to(place)
    following = find(request, following.pk) if following else None
    url = inbox.item_url(following, listing) if following else reverse("quotes:inbox") + listing.tail
    if not request.htmx:
        return redirect(f"{url}&decided={decided.pk}")
    context = _both(request, listing, following)
    context |= {"decided": inbox.done(find(request, decided.pk)), "takes_focus": True}
    response = render(request, "quotes/inbox/_next.html", context)
    response = reswap(retarget(push_url(response, url), "#item"), "outerHTML")
    return trigger_client_event(response, CLOSE_DIALOG)


def _refused(request: HttpRequest, listing: InboxList, revision: QuoteRevision, refusal: DomainError) -> HttpResponse:
    """Show the quote as it is now, with the reason why nothing was done above it."""
    revision = find(request, revision.pk)
    if not request.htmx:
        return inbox.page(request, listing, revision, opened="item", status=409, refusal=refusal.sentence)
    context = _both(request, listing, revision) | {"refusal": refusal.sentence}
    response = render(request, "quotes/inbox/_next.html", context, status=409)
    return reswap(retarget(response, "#item"), "outerHTML")


def _dialog(
    request: HttpRequest, revision: QuoteRevision, form: DecisionForm, *, refusal: DomainError | None = None
) -> HttpResponse:
    """Show a form as a dialog, or as a page of its own; after a refusal the quote behind it is renewed."""
    listing = inbox.listing_of(request)
    context: dict[str, Any] = {"revision": revision, "quote": revision.quote, "form": form, "tail": listing.tail}
    status = 422 if form.is_bound else 200
    if refusal:
        revision = find(request, revision.pk)
        form.data = form.data.copy()
        form.data["version"] = revision.version  # whoever sends it again has seen what changed
        form.add_error(None, refusal.sentence)
        context["revision"], status = revision, 409
    form.take_focus()
    if not inbox.is_fragment(request):
        return render(request, "quotes/inbox/dialog.html", context, status=status)
    if refusal:
        context |= _both(request, listing, revision) | {"renews": True}
    response = render(request, "quotes/inbox/_dialog.html", context, status=status)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _said(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Say a refusal in the corner, in place of the toast it was asked from."""
    response = render(request, "quotes/inbox/_said.html", {"sentence": refusal.sentence}, status=409)
    return reswap(retarget(response, "closest .toast"), "outerHTML")
