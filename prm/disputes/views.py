"""Appealing, and deciding about appeals. Which records there are is what the apps say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.actions import MANAGE_PEOPLE
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.disputes import permissions, queries, services, subjects
from prm.disputes.forms import AnswerForm, AppealForm, OutcomeForm, QuestionForm
from prm.disputes.models import WAITING, Dispute, Status
from prm.events.refusals import DomainError
from prm.promises import marks
from prm.questions import services as questions
from prm.tenancy.models import TenantModel
from prm.ui.lists import Listing
from prm.ui.submissions import once


class DisputeList(Listing):
    """Those that wait, the first promised first; or all, the latest first."""

    sorts = {"decide_by": "decide_by", "raised_at": "raised_at"}
    first_sort = "decide_by"


@require_GET
@requires(permissions.can_see)
def index(request: HttpRequest) -> HttpResponse:
    """List the disputes that wait, or those that are closed."""
    is_closed = request.GET.get("view") == "closed"
    rows = queries.visible_to(request.member)
    rows = rows.exclude(status__in=WAITING) if is_closed else rows.filter(status__in=WAITING)
    listing = DisputeList(request.GET, rows)
    marked = {} if is_closed else marks.of(listing.rows)
    for dispute in listing.rows:
        dispute.mark = marked.get(dispute.pk)
    return render(request, "disputes/list.html", {"listing": listing, "is_closed": is_closed})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see)
@once
def appealing(request: HttpRequest, subject_type: str, pk: UUID) -> HttpResponse:
    """Appeal the decision about a record of one's own firm."""
    subject = subjects.find(subject_type, pk, request.member)
    if subject is None or not subjects.may_appeal(subject, request.member):
        raise Http404
    declared = subjects.of(subject)
    decision = queries.decision_about(subject, queries.of(subject))
    until = declared.appeals(subject).until(request.profile.day_of(decision.at)) if decision else None
    context: dict[str, Any] = {"until": until, "title": declared.title(subject)}
    back = declared.path(subject, request.member)
    context |= {"back_url": back, "days": declared.appeals(subject).decision_business_days}
    return _act(
        request,
        AppealForm(request.POST or None),
        lambda **typed: services.appeal(subject, **typed),
        template="disputes/appeal.html",
        context=context,
        done=_("Appeal sent"),
        back=back,
    )


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one dispute: what was decided, what is appealed, what happened."""
    return _page(request, *_find(request.member, pk))


@require_POST
@requires(permissions.can_decide)
@once
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide for good; a refusal of the record itself is said above the form."""
    dispute, subject = _find(request.member, pk)
    form, status = OutcomeForm(request.POST, room=subjects.of(subject).room(subject)), 422
    if form.is_valid():
        typed = dict(form.cleaned_data)
        work: Callable[..., object] = services.overturn
        if typed.pop("outcome") == Status.UPHELD:
            work = services.uphold
            typed.pop("amount", None)
        try:
            work(dispute, **typed, by=request.member, at=timezone.now())
            messages.success(request, _("Dispute decided"))
            return redirect("dispute", pk)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = 409
    return _page(request, dispute, subject, form=form, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
@once
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask whoever appealed."""
    dispute, _subject = _find(request.member, pk)
    facts = {"heading": _("Ask the partner"), "button": _("Send question"), "done": _("Question sent")}
    text = _("The promised time stands still until the answer. You can decide without it, too.")
    work = _of(services.ask, dispute)
    return _small(request, dispute, QuestionForm(request.POST or None), work, text=text, **facts)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see)
@once
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the question about one's own appeal."""
    dispute = _own(request.member, pk)
    open_one = questions.open_one(dispute)
    facts = {"heading": _("Answer the question"), "button": _("Send answer"), "done": _("Answer sent")}
    text = open_one.text if open_one else ""
    work = _of(services.answer, dispute)
    return _small(request, dispute, AnswerForm(request.POST or None), work, text=text, **facts)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see)
@once
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own appeal back."""
    dispute = _own(request.member, pk)
    facts = {"heading": _("Withdraw the appeal"), "button": _("Withdraw appeal"), "done": _("Appeal withdrawn")}
    text = _("The decision then stands for good: it cannot be appealed again.")
    return _small(request, dispute, Form(request.POST or None), _of(services.withdraw, dispute), text=text, **facts)


def _of(work: Callable[..., object], dispute: Dispute) -> Callable[..., object]:
    return lambda **typed: work(dispute, **typed)


def _small(
    request: HttpRequest, dispute: Dispute, form: Form, work: Callable[..., object], *, done: str, **context: Any
) -> HttpResponse:
    if not dispute.is_waiting:
        return redirect("dispute", dispute.pk)
    context |= {"dispute": dispute}
    return _act(request, form, work, template="disputes/action.html", context=context, done=done, back=dispute)


def _act(
    request: HttpRequest,
    form: Form,
    work: Callable[..., object],
    *,
    template: str,
    context: dict[str, Any],
    done: str,
    back: Any,
) -> HttpResponse:
    """Show a small form, or do its work and go back; a refusal is said above the form."""
    context, status = context | {"form": form}, 200
    if request.method == "POST":
        status = 422
        form.is_bound = True
        if form.is_valid():
            try:
                work(**form.cleaned_data, by=request.member, at=timezone.now())
                messages.success(request, done)
                return redirect("dispute", back.pk) if isinstance(back, Dispute) else redirect(back)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
    return render(request, template, context, status=status)


def _find(member: Membership, pk: UUID) -> tuple[Dispute, TenantModel]:
    """Return a dispute with its record, if the member may see that."""
    dispute = Dispute.objects.filter(pk=pk).select_related("raised_by", "decided_by", "decision_by").first()
    subject = subjects.find(dispute.subject_type, dispute.subject_id, member) if dispute else None
    if dispute is None or subject is None:
        raise Http404
    return dispute, subject


def _own(member: Membership, pk: UUID) -> Dispute:
    dispute, subject = _find(member, pk)
    if not subjects.may_appeal(subject, member):
        raise Http404
    return dispute


def _page(
    request: HttpRequest, dispute: Dispute, subject: TenantModel, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    member, declared = request.member, subjects.of(subject)
    kind, opener = declared.kinds[dispute.decision_kind], declared.opened_by
    context: dict[str, Any] = {
        "dispute": dispute,
        "kind": kind.label,
        "first": queries.reason_in_words(kind.reasons, dispute.decision_code),
        "subject_url": declared.path(subject, member) if not opener or member.has(opener) else "",
        "label": declared.label,
        "reason": queries.reason_in_words(queries.APPEAL, dispute.reason_code),
        "outcome": queries.reason_in_words(queries.OUTCOME, dispute.outcome_code),
        "questions": questions.of(dispute),
        "timeline": declared.timeline(subject, member),
        "is_own": subjects.may_appeal(subject, member),
    }
    if member.has(permissions.can_decide) and dispute.is_waiting:
        deciders = queries.deciders_of(dispute, at=timezone.now())
        why = deciders.of(member)
        context |= {"partiality": why, "neutral": deciders.neutral}
        context["form"] = None if why else form or OutcomeForm(room=declared.room(subject))
        context["may_appoint"] = member.has(MANAGE_PEOPLE)
    return render(request, "disputes/dispute.html", context, status=status)
