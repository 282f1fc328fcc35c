"""What the vendor decides about requests. Each decision leads to the next request of the list it was made in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from mdf import permissions
from mdf.forms.decisions import ApprovalForm, DecisionForm, QuestionForm, RejectionForm
from mdf.forms.inbox import InboxList
from mdf.models import FundRequest
from mdf.queries import inbox as queries
from mdf.rules.catalogue import AREA
from mdf.services import decisions
from mdf.views import inbox
from mdf.views.finding import find
from mdf.views.inbox import desk
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError

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
        return desk.refuse(request, listing, fund_request, refusal)
    return desk.go_on(request, listing, place, fund_request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information."""
    fund_request = find(request, pk)
    custom = custom_fields.askable(KINDS[AREA], fund_request, timezone.now())
    return _decide(request, fund_request, partial(QuestionForm, custom=custom), decisions.ask)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    return _decide(request, find(request, pk), RejectionForm, decisions.reject)


@require_POST
@requires(permissions.can_decide)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    return desk.undo(request, find(request, pk), decisions.undo)


def _unread(request: HttpRequest, listing: InboxList, fund_request: FundRequest, form: ApprovalForm) -> HttpResponse:
    """Show the request again with what was typed, and what of it could not be read."""
    if not request.htmx:
        return desk.page(request, listing, fund_request, opened="item", status=422, plan_form=form)
    context = inbox.item_context(request, listing, fund_request) | {"plan_form": form}
    response = render(request, "mdf/inbox/_item.html", context, status=422)
    return reswap(retarget(response, "#item"), "outerHTML")


def _decide(request: HttpRequest, fund_request: FundRequest, kind: Form, service: Service) -> HttpResponse:
    """Show a dialog, or decide as its form says and go on to the next request."""
    form = kind(request.POST or None, initial={"version": fund_request.version})
    return desk.decide(request, fund_request, form, service)
