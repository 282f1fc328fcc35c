"""What is done with a claim after it was sent, and with the deadline of one. Each is a small page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mdf import permissions
from mdf.enums import ExtensionStatus
from mdf.forms.actions import AnswerForm, NoteForm
from mdf.forms.claim_actions import ExtensionForm
from mdf.forms.claim_decisions import ClawbackForm, ExtensionRefusalForm
from mdf.forms.claims import ClaimPage
from mdf.models import FundRequest
from mdf.queries import claims as queries
from mdf.queries import terms as fund_terms
from mdf.services import claims, extensions, payments
from mdf.views import claim_drafts, claim_files
from mdf.views import finding as requests
from mdf.views.claim_finding import find, go_to, own
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.questions import services as questions
from prm.ui.submissions import once


def act(
    request: HttpRequest,
    form: Form,
    work: Callable[..., Any],
    *,
    about: dict[str, Any],
    back: str,
    title: str,
    button: str,
    done: str,
    text: str = "",
) -> HttpResponse:
    """Show a small form, or do its work and go back; a refusal is said above the form."""
    context: dict[str, Any] = {"form": form, "title": title, "button": button, "text": text, "back": back, **about}
    if request.method == "GET":
        return render(request, "mdf/claims/action.html", context)
    status = 422
    if form.is_valid():
        try:
            work(**form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, "mdf/claims/action.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_claim)
@once
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a claim back."""
    claim = own(request, pk)
    return act(
        request,
        NoteForm(request.POST or None),
        lambda **said: claims.withdraw(claim, **said),
        about={"claim": claim},
        back=reverse("mdf:claim", args=[pk]),
        title=_("Withdraw this claim"),
        button=_("Withdraw claim"),
        done=_("Claim withdrawn"),
        text=_("It will not be decided. Until the deadline you can claim again."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_claim)
@once
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the vendor's question; only what was asked for is open."""
    claim = own(request, pk)
    question = questions.open_one(claim)
    if question is None:
        return go_to(claim)
    posted = request.POST if request.method == "POST" else None
    only = set(question.fields)
    form = ClaimPage(claim, queries.lines_of(claim), posted=posted, only=only)
    words = AnswerForm(posted)
    context = {"question": question, "words": words}
    has_custom = form.custom.follow_record(claim, timezone.now())
    status = 200
    if posted is not None:
        status = 422
        refused = claim_files.take_all(request, claim) if "files" in only else ""
        if refused:
            words.add_error(None, refused)
        if all([form.is_valid(), words.is_valid(), has_custom]) and posted.get("do") != "line":
            try:
                content = form.content if only - {"files"} else claims.Content()
                text = words.cleaned_data["answer"]
                claims.answer(claim, content, text=text, by=request.member, at=timezone.now())
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
            else:
                messages.success(request, _("Answer sent"))
                return go_to(claim)
    context |= claim_drafts.form_context(request.member, claim, form)
    return render(request, "mdf/claims/answer.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_pay)
@once
def clawback(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what was paid."""
    claim = find(request, pk)
    form = ClawbackForm(request.POST or None, keepable=claim.keepable)

    def work(*, version: int | None, **said: Any) -> Any:
        return payments.claw_back(claim, **said)

    return act(
        request,
        form,
        work,
        about={"claim": claim},
        back=reverse("mdf:claim", args=[pk]),
        title=_("Claw back"),
        button=_("Claw back"),
        done=_("Clawed back"),
        text=str(ClawbackForm.note_to),
    )


# -- more time ---------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@requires(permissions.can_claim)
@once
def extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask once for more time to claim."""
    fund_request = requests.own(request, pk)
    days = fund_terms.pinned(fund_request.policy).extension_days
    return act(
        request,
        ExtensionForm(request.POST or None),
        lambda **said: extensions.ask(fund_request, **said),
        about={"fund_request": fund_request},
        back=reverse("mdf:request", args=[pk]),
        title=_("Ask for more time to claim"),
        button=_("Ask for more time"),
        done=_("More time asked for"),
        text=_("If it is granted, the deadline moves by %(days)s days. That is possible once.") % {"days": days},
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
@once
def extension_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give more time at once, or refuse it with a reason."""
    fund_request = requests.find(request, pk)
    waiting = queries.extension_of(fund_request)
    if waiting is None or waiting.status != ExtensionStatus.PENDING:
        return redirect("mdf:request", pk)
    if request.POST.get("decision") == "approve":
        return _extend(request, fund_request)
    form = ExtensionRefusalForm(request.POST or None)

    def work(*, version: int | None, **said: Any) -> Any:
        return extensions.refuse(fund_request, **said)

    return act(
        request,
        form,
        work,
        about={"fund_request": fund_request, "extension": waiting},
        back=reverse("mdf:claim-inbox"),
        title=_("More time to claim?"),
        button=_("Reject extension"),
        done=_("Extension rejected"),
    )


def _extend(request: HttpRequest, fund_request: FundRequest) -> HttpResponse:
    try:
        extensions.approve(fund_request, by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The deadline was moved"))
    return redirect("mdf:claim-inbox")
