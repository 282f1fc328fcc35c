"""What is decided about claims. Each decision leads to the next claim of the list it was made in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from mdf import permissions
from mdf.enums import ProofVerdict
from mdf.forms.claim_decisions import (
    AnotherAmountForm,
    ApprovalForm,
    DecisionForm,
    FileForm,
    LineForm,
    QuestionForm,
    RejectionForm,
    reason,
)
from mdf.models import Claim, ClaimLine, ClaimProof
from mdf.queries import claim_inbox as queries
from mdf.rules.catalogue import CLAIM
from mdf.services import claim_decisions
from mdf.services.claim_decisions import ReasonNeeded
from mdf.views import claim_inbox
from mdf.views.claim_finding import find
from mdf.views.claim_inbox import desk
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError
from prm.inbox.desk import CLOSE_DIALOG
from prm.money import Money


@require_POST
@requires(permissions.can_decide_claims)
def approval(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve what the lines add up to; for another amount a dialog asks why."""
    claim = find(request, pk)
    listing = claim_inbox.listing_of(request)
    place = listing.place_of(claim)
    pays = queries.dossier_of(claim, request.member, timezone.now()).pays
    is_explained = "reason_code" in request.POST
    form = ApprovalForm(request.POST, total=pays)
    if not form.is_valid():
        sentence = " ".join(error for errors in form.errors.values() for error in errors)
        return desk.refuse(request, listing, claim, sentence, status=422)
    total: Money = form.cleaned_data["amount"]
    said: dict[str, Any] = {}
    if is_explained:
        why = AnotherAmountForm(request.POST)
        if not why.is_valid():
            return desk.dialog(request, claim, why)
        said = {name: why.cleaned_data[name] for name in ("reason_code", "note")}
    version = form.cleaned_data.get("version")
    try:
        claim_decisions.approve(claim, total=total, version=version, **said, by=request.member, at=timezone.now())
    except ReasonNeeded:
        initial = {"amount": request.POST.get("amount", ""), "version": version}
        return desk.dialog(request, claim, AnotherAmountForm(initial=initial))
    except DomainError as refusal:
        if is_explained:
            return desk.dialog(request, claim, AnotherAmountForm(request.POST), refusal=refusal)
        return desk.refuse(request, listing, claim, refusal)
    return desk.go_on(request, listing, place, claim)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the partner for information; files that were returned are named already."""
    claim = find(request, pk)
    initial = {"version": claim.version} | _about_returned(claim, request)
    custom = custom_fields.askable(KINDS[CLAIM], claim, timezone.now())
    form = QuestionForm(request.POST or None, initial=initial, custom=custom)
    if request.method != "POST" or not form.is_valid():
        return desk.dialog(request, claim, form)
    listing = claim_inbox.listing_of(request)
    place = listing.place_of(claim)
    facts = {"question": form.cleaned_data["question"], "fields": tuple(form.cleaned_data["reopened"])}
    try:
        claim_decisions.ask(claim, **facts, version=form.cleaned_data["version"], by=request.member, at=timezone.now())
    except DomainError as refusal:
        return desk.dialog(request, claim, form, refusal=refusal)
    return desk.go_on(request, listing, place, claim)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def rejection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Reject, with a reason."""
    claim = find(request, pk)
    form = RejectionForm(request.POST or None, initial={"version": claim.version})
    return desk.decide(request, claim, form, claim_decisions.reject)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def line(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Say how much of one cost is paid."""
    claim = find(request, pk)
    row = get_object_or_404(ClaimLine.objects.filter(claim=claim), pk=line)
    if request.POST.get("do") == "reset":
        return _judged(request, claim, lambda at: claim_decisions.judge_line(row, None, by=request.member, at=at))
    pays = {entry.line: entry.pays for entry in queries.dossier_of(claim, request.member, timezone.now()).rows}
    initial = {"amount": pays.get(row), "reason_code": row.reason_code, "note": row.decision_note}
    form = LineForm(request.POST or None, initial=initial, asked=row.asked)
    context = {"line": row}
    if request.method != "POST" or not form.is_valid():
        return desk.dialog(request, claim, form, **context)
    facts = {name: form.cleaned_data[name] for name in ("reason_code", "note")}
    amount = form.cleaned_data["amount"]
    return _judged(
        request,
        claim,
        lambda at: claim_decisions.judge_line(row, amount, **facts, by=request.member, at=at),
        form,
        **context,
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def file(request: HttpRequest, pk: UUID, proof: UUID) -> HttpResponse:
    """Accept one file, or return it with a reason."""
    claim = find(request, pk)
    row = get_object_or_404(ClaimProof.objects.filter(claim=claim).select_related("file"), pk=proof)
    if request.POST.get("verdict") == ProofVerdict.ACCEPTED:
        return _judged(
            request,
            claim,
            lambda at: claim_decisions.judge_file(row, ProofVerdict.ACCEPTED, by=request.member, at=at),
            opened=row.file_id,
        )
    form = FileForm(request.POST or None, initial={"reason_code": row.reason_code, "note": row.note})
    context = {"proof": row}
    if request.method != "POST" or not form.is_valid():
        return desk.dialog(request, claim, form, **context)
    facts = {name: form.cleaned_data[name] for name in ("reason_code", "note")}
    return _judged(
        request,
        claim,
        lambda at: claim_decisions.judge_file(row, ProofVerdict.RETURNED, **facts, by=request.member, at=at),
        form,
        opened=row.file_id,
        **context,
    )


@require_POST
@requires(permissions.can_decide_claims)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own last decision back while nobody was told."""
    return desk.undo(request, find(request, pk), claim_decisions.undo)


def _judged(
    request: HttpRequest,
    claim: Claim,
    work: Any,
    form: DecisionForm | None = None,
    *,
    opened: UUID | None = None,
    **context: Any,
) -> HttpResponse:
    """Do a part of the decision and show the claim again, with what it comes to now and the same file open."""
    listing = claim_inbox.listing_of(request)
    try:
        work(timezone.now())
    except DomainError as refusal:
        if form is not None:
            return desk.dialog(request, claim, form, refusal=refusal, **context)
        return desk.refuse(request, listing, claim, refusal)
    if not request.htmx:
        return redirect(desk.address(claim, listing) + (f"&file={opened}" if opened else ""))
    context = claim_inbox.item_context(request, listing, find(request, claim.pk), file=opened)
    context["takes_focus"] = form is not None
    response = render(request, "mdf/claim_inbox/_item.html", context)
    return trigger_client_event(reswap(retarget(response, "#item"), "outerHTML"), CLOSE_DIALOG)


def _about_returned(claim: Claim, request: HttpRequest) -> dict[str, Any]:
    returned = [row for row in ClaimProof.objects.filter(claim=claim).select_related("file") if row.is_returned]
    returned = [row for row in returned if row.file.removed_at is None]
    if not returned:
        return {}
    said = [f"{row.file.name}: {'. '.join(filter(None, [reason(row.reason_code), row.note]))}" for row in returned]
    return {"question": "\n".join([_("Replace these files:"), *said]), "reopened": ["files"]}
