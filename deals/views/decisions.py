"""What channel managers decide. Each decision leads to the next registration of the list it was made in."""

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
from deals.forms.inbox import InboxList
from deals.models import Amendment, Registration
from deals.queries import amendments as amendment_queries
from deals.rules.terms import AREA
from deals.services import amendments, decisions, protection
from deals.views import inbox
from deals.views.finding import find_sent, go_to
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError
from prm.ui.inboxes import Place

CLOSE_DIALOG = "portal:close"
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
        return _refused(request, listing, registration, refusal)
    return _next(request, listing, place, registration)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""

    def ask(registration: Registration, *, question: str, reopened: list[str], **facts: Any) -> Registration:
        facts["only_if_asked"] = inbox.only_if_asked(request.member)
        return decisions.ask(registration, question=question, fields=tuple(reopened), **facts)

    registration = find_sent(request, pk)
    custom = custom_fields.askable(KINDS[AREA], registration, timezone.now())
    return _decide(request, registration, partial(QuestionForm, custom=custom), ask)


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
        return _refused(request, listing, registration, refusal)
    return _next(request, listing, place, registration, done=_("Protection extended"))


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
        return _refused(request, listing, registration, refusal)
    return _next(request, listing, place, registration, done=_("Change approved"))


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
            return _dialog(request, registration, form, refusal=refusal)
        messages.success(request, _("Protection revoked"))
        return go_to(request, registration)
    return _dialog(request, registration, form)


@require_POST
@requires(permissions.can_agree)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    registration = find_sent(request, pk)
    listing = inbox.listing_of(request)
    try:
        only_own = inbox.only_if_asked(request.member)
        decisions.undo(registration, by=request.member, at=timezone.now(), only_own=only_own)
    except DomainError as refusal:
        if request.htmx:
            return _said(request, refusal)
        return _refused(request, listing, registration, refusal)
    if not request.htmx:
        messages.success(request, _("Decision undone"))
        return redirect(inbox.item_url(registration, listing))
    registration = find_sent(request, pk)
    response = render(request, "deals/inbox/_undone.html", _both(request, listing, registration))
    return push_url(response, inbox.item_url(registration, listing))


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
    if request.method == "POST" and form.is_valid():
        listing = inbox.listing_of(request)
        place = listing.place_of(registration)
        try:
            service(registration, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return _dialog(request, registration, form, refusal=refusal)
        return _next(request, listing, place, registration, done=done)
    return _dialog(request, registration, form)


# -- answers -------------------------------------------------------------------------------------------
def _both(request: HttpRequest, listing: InboxList, registration: Registration | None) -> dict[str, Any]:
    """What the list and the item show, for an answer that changes both."""
    context = inbox.list_context(request, listing, registration)
    return context | (inbox.item_context(request, listing, registration) if registration else {})


def _next(
    request: HttpRequest, listing: InboxList, place: Place, decided: Registration, *, done: str = ""
) -> HttpResponse:
    """Go on to the registration after the one just decided, saying what was done and offering to undo it."""
    following = listing.next_to(place)
    following = find_sent(request, following.pk) if following else None
    url = inbox.item_url(following, listing) if following else reverse("deals:inbox") + listing.tail
    if not request.htmx:
        if done:
            messages.success(request, done)
            return redirect(url)
        return redirect(f"{url}&decided={decided.pk}")
    context = _both(request, listing, following)
    context |= {"decided": {"registration": find_sent(request, decided.pk)}, "done": done, "takes_focus": True}
    response = render(request, "deals/inbox/_next.html", context)
    response = reswap(retarget(push_url(response, url), "#item"), "outerHTML")
    return trigger_client_event(response, CLOSE_DIALOG)


def _refused(
    request: HttpRequest, listing: InboxList, registration: Registration, refusal: DomainError
) -> HttpResponse:
    """Show the registration as it is now, with the reason why nothing was done above it."""
    registration = find_sent(request, registration.pk)
    sentence = _sentence_of(refusal)
    if not request.htmx:
        return inbox.page(request, listing, registration, opened="item", status=409, refusal=sentence)
    context = _both(request, listing, registration) | {"refusal": sentence}
    response = render(request, "deals/inbox/_next.html", context, status=409)
    return reswap(retarget(response, "#item"), "outerHTML")


def _dialog(
    request: HttpRequest, registration: Registration, form: DecisionForm, *, refusal: DomainError | None = None
) -> HttpResponse:
    """Show a form as a dialog, or as a page of its own; after a refusal the registration behind it is renewed."""
    context: dict[str, Any] = {"registration": registration, "form": form, "tail": inbox.listing_of(request).tail}
    status = 422 if form.is_bound else 200
    if refusal:
        registration = find_sent(request, registration.pk)
        form.data = form.data.copy()
        form.data["version"] = registration.version  # whoever sends it again has seen what changed
        form.add_error(None, _sentence_of(refusal))
        context["registration"], status = registration, 409
    form.take_focus()
    if not inbox.is_fragment(request):
        return render(request, "deals/inbox/dialog.html", context, status=status)
    context["is_in_inbox"] = _is_in_inbox(request)
    if refusal and context["is_in_inbox"]:
        context |= _both(request, inbox.listing_of(request), registration) | {"renews": True}
    response = render(request, "deals/inbox/_dialog.html", context, status=status)
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _is_in_inbox(request: HttpRequest) -> bool:
    """Say whether the dialog was opened in the inbox, which shows the next registration by itself."""
    return (request.htmx.current_url_abs_path or "").startswith(reverse("deals:inbox"))


def _said(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Say a refusal in the corner, in place of the toast it was asked from."""
    context = {"sentence": _sentence_of(refusal)}
    response = render(request, "deals/inbox/_said.html", context, status=409)
    return reswap(retarget(response, "closest .toast"), "outerHTML")


def _sentence_of(refusal: DomainError) -> str:
    """Return a refusal as the vendor's own people may read it: with the rival's name."""
    refusal.facts["for_vendor"] = True
    return refusal.sentence
