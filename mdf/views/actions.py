"""What partners do with a request after it was sent. Each is a small page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mdf import permissions
from mdf.forms.actions import AnswerForm, NoteForm
from mdf.forms.requests import PlanForm
from mdf.models import FundRequest
from mdf.queries import requests as queries
from mdf.services import requests
from mdf.views import attachments, checks
from mdf.views.finding import go_to, own
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.questions import services as questions
from prm.ui.submissions import once


def act(
    request: HttpRequest,
    fund_request: FundRequest,
    form: Form,
    work: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
    text: str = "",
) -> HttpResponse:
    """Show a small form, or do its work and go back to the request; a refusal is said above the form."""
    context: dict[str, Any] = {"fund_request": fund_request, "form": form, "title": title, "button": button}
    context["text"] = text
    if request.method == "GET":
        return render(request, "mdf/requests/action.html", context)
    status = 422
    if form.is_valid():
        try:
            work(fund_request, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, done)
            return go_to(fund_request)
    return render(request, "mdf/requests/action.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_request)
@once
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a request back."""
    return act(
        request,
        own(request, pk),
        NoteForm(request.POST or None),
        requests.withdraw,
        title=_("Withdraw this request"),
        button=_("Withdraw request"),
        done=_("Request withdrawn"),
        text=_("It will not be decided. You can ask again later with a new request."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_request)
@once
def cancellation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an approved activity up."""
    return act(
        request,
        own(request, pk),
        NoteForm(request.POST or None),
        requests.cancel,
        title=_("Cancel the activity"),
        button=_("Cancel the activity"),
        done=_("Activity cancelled"),
        text=_("The money kept for it is available again for other activities. This cannot be taken back."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_request)
@once
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the vendor's question; only the fields asked for are open."""
    fund_request = own(request, pk)
    question = questions.open_one(fund_request)
    if question is None:
        return go_to(fund_request)
    posted = request.POST if request.method == "POST" else None
    facts = checks.facts(
        request,
        upload_url=reverse("mdf:request-files", args=[pk]),
        also=fund_request.fund_id,
    )
    form = PlanForm(fund_request, facts, posted=posted, only=question.fields)
    words = AnswerForm(posted)
    context = {"fund_request": fund_request, "question": question, "form": form, "words": words}
    context |= {"files": attachments.entries(fund_request), "lines": queries.lines_of(fund_request)}
    has_custom = form.custom.follow_record(fund_request, timezone.now())
    if posted is None:
        return render(request, "mdf/requests/answer.html", context)
    status = 422
    if posted.get("do") != "lines" and has_custom and _is_fit(request, fund_request, form, words):
        try:
            content = form.content if question.fields else None
            text = words.cleaned_data["answer"]
            requests.answer(fund_request, content, text=text, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, _("Answer sent"))
            return go_to(fund_request)
    return render(request, "mdf/requests/answer.html", context, status=status)


def _is_fit(request: HttpRequest, fund_request: FundRequest, form: PlanForm, words: AnswerForm) -> bool:
    if not all([form.is_valid(), words.is_valid()]):
        return False
    refused = attachments.take_all(request, fund_request)
    if refused:
        words.add_error(None, refused)
    return not refused
