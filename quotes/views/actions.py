"""What partners do with a quote: have it approved, issue it, send it, revise it. Each is a small page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from deals.queries.terms import today_of_vendor
from prm.accounts.guards import requires
from prm.accounts.links import absolute_url
from prm.events.refusals import DomainError
from prm.files import services as files
from prm.notifications.news import reason_of
from prm.policies.models import ReasonCode
from prm.questions.services import open_one
from prm.ui.submissions import once
from quotes import permissions
from quotes.enums import Status
from quotes.forms.actions import AnswerForm, DeclineForm, LinkForm, NoteForm, NothingForm, RecordForm, RequestForm
from quotes.models import Order, QuoteRevision
from quotes.queries import approvals as approval_queries
from quotes.queries import pricing
from quotes.rules.approvals import Outlook
from quotes.services import answers, approvals, issuing, links, revisions
from quotes.views.finding import own


def act(
    request: HttpRequest,
    revision: QuoteRevision,
    form: Form,
    work: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
    text: str = "",
    template: str = "quotes/actions/action.html",
    **more: Any,
) -> HttpResponse:
    """Show a small form, or do its work and go on; a refusal is said above the form."""
    context: dict[str, Any] = {
        "revision": revision,
        "quote": revision.quote,
        "form": form,
        "title": title,
        "button": button,
        "text": text,
        **more,
    }
    if request.method == "GET":
        return render(request, template, context)
    status = 422
    if form.is_valid():
        try:
            found = work(revision, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, done)
            return redirect(page_of(found, revision))
    return render(request, template, context, status=status)


def _refusal(outlook: Outlook) -> ReasonCode | None:
    """Return for which reason the rules refuse it."""
    return reason_of(outlook.refusal, "quotes") if outlook.refusal else None


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when that is nothing."""
    return request.POST if request.method == "POST" else None


def page_of(found: Any, revision: QuoteRevision) -> str:
    """Return where it goes on: to the order that came of it, to the new draft, or back to the quote."""
    if isinstance(found, Order):
        return reverse("quotes:order", args=[found.pk])
    if isinstance(found, QuoteRevision) and found.pk != revision.pk:
        return reverse("quotes:quote-form", args=[found.quote_id])
    return reverse("quotes:quote", args=[revision.quote_id])


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def request_approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the approvals that the discounts need; who decides and how long that takes is said before."""
    revision = own(request, pk)
    outlook = approval_queries.outlook_of(revision)
    return act(
        request,
        revision,
        RequestForm(posted(request)),
        approvals.request,
        title=_("Send for approval"),
        button=_("Send for approval"),
        done=_("Sent for approval"),
        template="quotes/actions/request.html",
        outlook=outlook,
        refusal_reason=_refusal(outlook),
        ahead=approval_queries.ahead_of(revision, outlook),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the request for approval back."""
    return act(
        request,
        own(request, pk),
        NoteForm(posted(request)),
        approvals.recall,
        title=_("Recall the request"),
        button=_("Recall request"),
        done=_("Request recalled"),
        text=_("The quote becomes a draft again, and nobody has to decide on it."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def reopening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an approved quote."""
    revision = own(request, pk)
    response = act(
        request,
        revision,
        NothingForm(posted(request)),
        approvals.reopen,
        title=_("Change the approved quote"),
        button=_("Change quote"),
        done=_("The quote is a draft again"),
        text=_("Only what you change has to be approved again; the rest stays approved."),
    )
    if response.status_code == 302:
        return redirect("quotes:quote-form", revision.quote_id)
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the vendor's question."""
    revision = own(request, pk)
    question = open_one(revision)
    if question is None:
        return redirect("quotes:quote", revision.quote_id)
    return act(
        request,
        revision,
        AnswerForm(posted(request)),
        approvals.answer,
        title=_("Answer the question"),
        button=_("Send answer"),
        done=_("Answer sent"),
        question=question,
        template="quotes/actions/answer.html",
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a quote, after a look at what has changed since it was priced."""
    revision = own(request, pk)
    today = today_of_vendor(timezone.now())
    lines = pricing.lines_of(revision.pk)
    outlook = approval_queries.outlook_of(revision, lines)
    drifts = pricing.drift_of(revision, lines, today) if revision.status in (Status.DRAFT, Status.APPROVED) else []
    return act(
        request,
        revision,
        NothingForm(posted(request)),
        issuing.issue,
        title=_("Issue this quote"),
        button=_("Issue quote"),
        done=_("Quote issued"),
        template="quotes/actions/issue.html",
        lines=lines,
        drifts=drifts,
        blocks=[drift for drift in drifts if drift.blocks_issue],
        outlook=outlook,
        refusal_reason=_refusal(outlook),
        last=issuing.last_day(revision, today),
        today=today,
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a quote back."""
    return act(
        request,
        own(request, pk),
        NoteForm(posted(request)),
        issuing.withdraw,
        title=_("Withdraw this quote"),
        button=_("Withdraw quote"),
        done=_("Quote withdrawn"),
        text=_("The customer’s link will say so, and the prices are no longer held. This cannot be taken back."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def revision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the next revision."""
    return act(
        request,
        own(request, pk),
        NothingForm(posted(request)),
        revisions.revise,
        title=_("Revise this quote"),
        button=_("Begin a revision"),
        done=_("Revision begun"),
        text=_(
            "The revision has the same number and today’s prices. What is issued stands until you issue the new one."
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a new quote with the same content."""
    return act(
        request,
        own(request, pk),
        NothingForm(posted(request)),
        revisions.copy,
        title=_("Copy this quote"),
        button=_("Copy quote"),
        done=_("Quote copied"),
        text=_("The copy is a new quote with a number of its own, for the same customer, at today’s prices."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the offer to the customer, or get a link to hand over. The secret is shown once, on this answer."""
    revision = own(request, pk)
    if request.method == "POST" and request.POST.get("do") == "close":
        links.close(revision, by=request.member, at=timezone.now())
        messages.success(request, _("Link closed"))
        return redirect("quotes:quote", revision.quote_id)
    form = LinkForm(posted(request), initial={"email": revision.quote.contact_email})
    context: dict[str, Any] = {"revision": revision, "quote": revision.quote, "form": form}
    if request.method == "GET":
        return render(request, "quotes/actions/link.html", context)
    status = 422
    if form.is_valid():
        try:
            made, secret = links.make(revision, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            address = absolute_url("quotes:offer", secret, vendor=request.vendor)
            return render(request, "quotes/actions/link_made.html", context | {"link": made, "address": address})
    return render(request, "quotes/actions/link.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the customer accepted by other means."""
    found = own(request, pk)
    form = RecordForm(posted(request), request.FILES or None)

    def accept(revision: QuoteRevision, *, file: Any, **facts: Any) -> Order:
        with transaction.atomic():  # a file that is not taken leaves nothing accepted
            order = answers.accept(revision, **facts)
            if file is not None:
                files.add(file, on=order, by=facts["by"], at=facts["at"])
        return order

    return act(
        request,
        found,
        form,
        accept,
        title=_("Record the acceptance"),
        button=_("Record acceptance"),
        done=_("Acceptance recorded"),
        text=_("The quote becomes an order, and the vendor is told."),
        drifts=_drifts(found),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the customer declined by other means."""
    return act(
        request,
        own(request, pk),
        DeclineForm(posted(request)),
        answers.decline,
        title=_("Record that the customer declined"),
        button=_("Record the answer"),
        done=_("Answer recorded"),
    )


def _drifts(revision: QuoteRevision) -> list[Any]:
    if revision.status != Status.ISSUED:
        raise Http404
    return pricing.drift_of(revision, pricing.lines_of(revision.pk), today_of_vendor(timezone.now()))
