"""What partners do with a registration after it was sent. Each is a small page and a dialog alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from deals import permissions
from deals.enums import Action, Review, Stage
from deals.forms.actions import (
    AnswerForm,
    CheckInForm,
    ExtensionForm,
    HandoverForm,
    LossForm,
    NoteForm,
    StageForm,
    WinForm,
)
from deals.forms.registrations import DealForm
from deals.models import Registration
from deals.queries import distributors, people
from deals.queries import registrations as queries
from deals.queries.terms import pinned, today_of_vendor
from deals.rules.terms import Terms
from deals.services import check_ins, handovers, outcomes, protection, queue, registrations
from deals.views import attachments
from deals.views.finding import find, go_to
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.money import Money, UnknownCurrency
from prm.money.forms import LARGEST
from prm.questions import services as questions
from prm.ui.submissions import once


def own(request: HttpRequest, pk: UUID, action: Action) -> Registration:
    """Return a registration of one's own firm, or nothing to be found; distributors look, but do not act."""
    registration = find(request, pk)
    if registration.partner_id != request.member.partner_id:
        raise Http404
    return registration


def act(
    request: HttpRequest,
    registration: Registration,
    form: Form,
    work: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
    text: str = "",
    beside: Mapping[type[DomainError], str] | None = None,
) -> HttpResponse:
    """Show a small form, or do its work and go back to the registration.

    A refusal is said above the form, or `beside` the field that it is about.
    """
    context: dict[str, Any] = {
        "registration": registration,
        "form": form,
        "title": title,
        "button": button,
        "text": text,
    }
    if request.method == "GET":
        return render(request, "deals/registrations/action.html", context)
    status = 422
    if form.is_valid():
        try:
            work(registration, **form.cleaned_data, by=request.member, at=timezone.now())
        except Registration.DoesNotExist as gone:  # another partner has it since this page was found
            raise Http404 from gone
        except DomainError as refusal:
            if beside and type(refusal) in beside:
                form.add_error(beside[type(refusal)], refusal.sentence)
            else:
                context["refusal"], status = refusal, 409
        else:
            messages.success(request, done)
            return go_to(request, registration)
    return render(request, "deals/registrations/action.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a registration back."""
    registration = own(request, pk, Action.WITHDRAW)
    return act(
        request,
        registration,
        NoteForm(request.POST or None),
        registrations.withdraw,
        title=_("Withdraw this registration"),
        button=_("Withdraw registration"),
        done=_("Registration withdrawn"),
        text=_("It will not be decided. You can register the deal again later, behind whoever registers it first."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for more days of protection."""
    registration = own(request, pk, Action.ASK_EXTENSION)
    return act(
        request,
        registration,
        ExtensionForm(request.POST or None),
        protection.ask_extension,
        title=_("Extend the protection"),
        button=_("Ask for the extension"),
        done=_("Extension asked for"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the protection up."""
    registration = own(request, pk, Action.RELEASE)
    return act(
        request,
        registration,
        NoteForm(request.POST or None),
        protection.release,
        title=_("Release the protection"),
        button=_("Release protection"),
        done=_("Protection released"),
        text=_("Other partners can then register this customer at once. This cannot be taken back."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a protected deal is alive."""
    registration = own(request, pk, Action.CHECK_IN)
    today = today_of_vendor(timezone.now())
    known = {"stage": registration.stage}
    kept = registration.close_on if pinned(registration.policy).amendment_all_decided else None
    if registration.close_on and (registration.close_on >= today or kept):
        known["close_on"] = registration.close_on.isoformat()
    return act(
        request,
        registration,
        CheckInForm(request.POST or None, today=today, kept=kept, initial=known),
        check_ins.confirm,
        title=_("Check in on this deal"),
        button=_("Confirm it is alive"),
        done=_("Checked in"),
        beside={check_ins.CloseDecided: "close_on"},
        text=_("The vendor sees what you write. If the deal is decided, mark it won or lost instead."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def handover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the deal to a colleague; whoever sees only their own is back at the list then."""
    registration = own(request, pk, Action.HAND_OVER)
    colleagues = [member for member in people.sellers_of(registration) if member.user_id != registration.owner_id]
    return act(
        request,
        registration,
        HandoverForm(request.POST or None, colleagues=colleagues),
        handovers.hand_over,
        title=_("Hand this deal over"),
        button=_("Hand over"),
        done=_("Deal handed over"),
        text=_("Your colleague looks after it from now on and is told. Its protection and its history stay.")
        if colleagues
        else _("Nobody else of your company works on deals here. Invite a colleague first."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def stage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how far the deal is."""
    registration = own(request, pk, Action.ADVANCE)
    return act(
        request,
        registration,
        StageForm(request.POST or None, initial={"stage": registration.stage}),
        outcomes.advance,
        title=_("Change the stage"),
        button=_("Change stage"),
        done=_("Stage changed"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def win(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the deal as won."""
    registration = own(request, pk, Action.WIN)
    if registration.value is None:
        raise Http404
    terms = pinned(registration.policy)
    return act(
        request,
        registration,
        WinForm(
            request.POST or None,
            request.FILES or None,
            value=_known_value(request, registration.value),
            today=today_of_vendor(timezone.now()),
            since=today_of_vendor(registration.submitted_at) if registration.submitted_at else None,
            needs_proof=terms.win_needs_proof,
        ),
        outcomes.win,
        title=_("Mark this deal won"),
        button=_("Mark won"),
        done=_("Deal marked won"),
        text=_("The sale counts for your tier and your figures.") + " " + _way_back(terms),
    )


def _known_value(request: HttpRequest, value: Money) -> Money:
    """Return the amount that the address brings along, as an order does, if it is one of the deal's currency."""
    try:
        amount = Decimal(request.GET.get("amount", ""))
        found = Money(amount, request.GET.get("currency", ""))
    except (InvalidOperation, UnknownCurrency):
        return value
    is_plausible = amount.is_finite() and Decimal(0) < amount < LARGEST
    return found.rounded() if is_plausible and found.currency == value.currency else value


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def loss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the deal as lost."""
    registration = own(request, pk, Action.LOSE)
    return act(
        request,
        registration,
        LossForm(request.POST or None),
        outcomes.lose,
        title=_("Mark this deal lost"),
        button=_("Mark lost"),
        done=_("Deal marked lost"),
        text=_("Its protection ends with it.") + " " + _way_back(pinned(registration.policy)),
    )


def _way_back(terms: Terms) -> str:
    """Say how long it can be taken back."""
    days = terms.reopen_days
    if not days:
        return _("This cannot be taken back.")
    return ngettext("You can reopen it for a day.", "You can reopen it for %(days)s days.", days) % {"days": days}


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def reopening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a won or lost deal go on."""
    registration = own(request, pk, Action.RESUME)
    was_won = registration.stage == Stage.WON
    return act(
        request,
        registration,
        NoteForm(request.POST or None),
        outcomes.reopen,
        title=_("Reopen this deal"),
        button=_("Reopen deal"),
        done=_("Deal reopened"),
        text=_("Its sale no longer counts. It is protected again if the time is not over and nobody else holds it.")
        if was_won
        else _("It is protected again if the time is not over and nobody else holds it."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Register a refused or withdrawn deal anew: at once where its customer is free, else from a draft."""
    registration = own(request, pk, Action.REPEAT)
    context: dict[str, Any] = {
        "registration": registration,
        "form": Form(),
        "title": _("Ask for this deal again"),
        "button": _("Ask again"),
        "text": _(
            "A new registration is made of this one, behind everybody who asked before. Files are not taken along."
        ),
    }
    if request.method == "GET":
        return render(request, "deals/registrations/action.html", context)
    try:
        made = queue.ask_again(registration, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return render(request, "deals/registrations/action.html", context | {"refusal": refusal}, status=409)
    if made.review == Review.DRAFT:
        messages.success(request, _("Look it through and send it"))
        return redirect("deals:registration-form", made.pk)
    messages.success(request, _("Asked again"))
    return go_to(request, made)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the vendor's question; only the fields asked for are open. A distributor answers for what it entered."""
    registration = find(request, pk)
    if not registration.is_filled_in_by(request.member):
        raise Http404
    question = questions.open_one(registration)
    if question is None:
        return go_to(request, registration)
    posted = request.POST if request.method == "POST" else None
    form = DealForm(
        registration,
        posted=posted,
        today=today_of_vendor(timezone.now()),
        country=registration.customer_country,
        currency=registration.value_currency,
        upload_url=reverse("deals:registration-files", args=[pk]),
        only=question.fields,
        distributors=distributors.offered_to(registration.partner),
    )
    words = AnswerForm(posted)
    context = {"registration": registration, "question": question, "form": form, "words": words, "status": 200}
    context |= {"files": attachments.entries(registration), "lines": queries.lines_of(registration)}
    if posted is None:
        form.custom.follow_record(registration, timezone.now())
        return render(request, "deals/registrations/answer.html", context)
    status = 422
    is_valid = all([form.is_valid(), words.is_valid(), _has_all(form, registration)])
    if is_valid and not _refused_file(request, registration, words):
        try:
            text = words.cleaned_data["answer"]
            registrations.answer(registration, form.content, text=text, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, _("Answer sent"))
            return go_to(request, registration)
    return render(request, "deals/registrations/answer.html", context, status=status)


def _has_all(form: DealForm, registration: Registration) -> bool:
    """Say whether the custom fields that were asked for are filled and right."""
    return form.custom.is_valid() and form.custom.follow_record(registration, timezone.now())


def _refused_file(request: HttpRequest, registration: Registration, words: AnswerForm) -> bool:
    refused = attachments.take_all(request, registration)
    if refused:
        words.add_error(None, refused)
    return bool(refused)
