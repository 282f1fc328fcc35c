"""What the vendor decides about requests. Each decision leads to the next request of the list it was made in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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

from mdf import permissions
from mdf.forms.decisions import ApprovalForm, DecisionForm, QuestionForm, RejectionForm
from mdf.forms.inbox import InboxList
from mdf.models import FundRequest
from mdf.queries import inbox as queries
from mdf.rules.catalogue import AREA
from mdf.services import decisions
from mdf.views import inbox
from mdf.views.finding import find
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError
from prm.ui.inboxes import Place

CLOSE_DIALOG = "portal:close"
Service = Callable[..., FundRequest]
Form = Callable[..., DecisionForm]


@require_POST
@requires(permissions.can_decide)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve, line by line."""
    fund_request = find(request, pk)
    listing = inbox.listing_of(request)
    place = listing.place_of(fund_request)
    dossier = queries.dossier_of(fund_request, inbox.today_of(request))
    form = ApprovalForm(request.POST, lines=dossier.lines, version=fund_request.version)
    if not form.is_valid():
        return _unread(request, listing, fund_request, form)
    facts = {"note": form.cleaned_data["note"], "version": form.cleaned_data["version"]}
    try:
        decisions.approve(fund_request, form.amounts, by=request.member, at=timezone.now(), **facts)
    except DomainError as refusal:
        return _refused(request, listing, fund_request, refusal)
    return _next(request, listing, place, fund_request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""

    def ask(fund_request: FundRequest, *, question: str, reopened: list[str], **facts: Any) -> FundRequest:
        return decisions.ask(fund_request, question=question, fields=tuple(reopened), **facts)

    fund_request = find(request, pk)
    custom = custom_fields.askable(KINDS[AREA], fund_request, timezone.now())
    return _decide(request, fund_request, partial(QuestionForm, custom=custom), ask)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    return _decide(request, find(request, pk), RejectionForm, decisions.reject)


@require_POST
@requires(permissions.can_decide)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    fund_request = find(request, pk)
    listing = inbox.listing_of(request)
    try:
        decisions.undo(fund_request, by=request.member, at=timezone.now())
    except DomainError as refusal:
        if request.htmx:
            return _said(request, refusal)
        return _refused(request, listing, fund_request, refusal)
    if not request.htmx:
        messages.success(request, _("Decision undone"))
        return redirect(inbox.item_url(fund_request, listing))
    fund_request = find(request, pk)
    response = render(request, "mdf/inbox/_undone.html", _both(request, listing, fund_request))
    return push_url(response, inbox.item_url(fund_request, listing))


def _decide(request: HttpRequest, fund_request: FundRequest, kind: Form, service: Service) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next request."""
    form = kind(request.POST or None, initial={"version": fund_request.version})
    if request.method == "POST" and form.is_valid():
        listing = inbox.listing_of(request)
        place = listing.place_of(fund_request)
        try:
            service(fund_request, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return _dialog(request, fund_request, form, refusal=refusal)
        return _next(request, listing, place, fund_request)
    return _dialog(request, fund_request, form)


# -- answers -------------------------------------------------------------------------------------------
def _both(request: HttpRequest, listing: InboxList, fund_request: FundRequest | None) -> dict[str, Any]:
    """What the list and the item show, for an answer that changes both."""
    context = inbox.list_context(request, listing, fund_request)
    return context | (inbox.item_context(request, listing, fund_request) if fund_request else {})


def _next(request: HttpRequest, listing: InboxList, place: Place, decided: FundRequest) -> HttpResponse:
    """Go on to the request after the one just decided, saying what was done and offering to undo it."""
    following = listing.next_to(place)
    following = find(request, following.pk) if following else None
    url = inbox.item_url(following, listing) if following else reverse("mdf:inbox") + listing.tail
    if not request.htmx:
        return redirect(f"{url}&decided={decided.pk}")
    context = _both(request, listing, following)
    context |= {"decided": {"fund_request": find(request, decided.pk)}, "takes_focus": True}
    response = render(request, "mdf/inbox/_next.html", context)
    response = reswap(retarget(push_url(response, url), "#item"), "outerHTML")
    return trigger_client_event(response, CLOSE_DIALOG)


def _unread(request: HttpRequest, listing: InboxList, fund_request: FundRequest, form: ApprovalForm) -> HttpResponse:
    """Show the request again with what was typed, and what of it could not be read."""
    if not request.htmx:
        return inbox.page(request, listing, fund_request, opened="item", status=422, form=form)
    context = inbox.item_context(request, listing, fund_request) | {"form": form}
    response = render(request, "mdf/inbox/_item.html", context, status=422)
    return reswap(retarget(response, "#item"), "outerHTML")


def _refused(request: HttpRequest, listing: InboxList, fund_request: FundRequest, refusal: DomainError) -> HttpResponse:
    """Show the request as it is now, with the reason why nothing was done above it."""
    fund_request = find(request, fund_request.pk)
    sentence = _sentence_of(refusal)
    if not request.htmx:
        return inbox.page(request, listing, fund_request, opened="item", status=409, refusal=sentence)
    context = _both(request, listing, fund_request) | {"refusal": sentence}
    response = render(request, "mdf/inbox/_next.html", context, status=409)
    return reswap(retarget(response, "#item"), "outerHTML")


def _dialog(
    request: HttpRequest, fund_request: FundRequest, form: DecisionForm, *, refusal: DomainError | None = None
) -> HttpResponse:
    """Show a form as a dialog, or as a page of its own; after a refusal the request behind it is renewed."""
    context: dict[str, Any] = {"fund_request": fund_request, "form": form, "tail": inbox.listing_of(request).tail}
    status = 422 if form.is_bound else 200
    if refusal:
        fund_request = find(request, fund_request.pk)
        form.data = form.data.copy()
        form.data["version"] = fund_request.version  # whoever sends it again has seen what changed
        form.add_error(None, _sentence_of(refusal))
        context["fund_request"], status = fund_request, 409
    form.take_focus()
    if not inbox.is_fragment(request):
        return render(request, "mdf/inbox/dialog.html", context, status=status)
    context["is_in_inbox"] = (request.htmx.current_url_abs_path or "").startswith(reverse("mdf:inbox"))
    response = render(request, "mdf/inbox/_dialog.html", context, status=status)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _said(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Say a refusal in the corner, in place of the toast it was asked from."""
    response = render(request, "deals/inbox/_said.html", {"sentence": _sentence_of(refusal)}, status=409)
    return reswap(retarget(response, "closest .toast"), "outerHTML")


def _sentence_of(refusal: DomainError) -> str:
    """Return a refusal as the vendor's own people may read it."""
    refusal.facts["for_vendor"] = True
    return refusal.sentence
