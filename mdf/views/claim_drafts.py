"""Claiming: started from the approved request, saved as it is typed, checked at each change, sent once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mdf import permissions
from mdf.enums import ClaimStatus, ProofKind
from mdf.forms.claims import ClaimPage, drop
from mdf.models import Claim, FundRequest
from mdf.queries import approvals, requests
from mdf.queries import claims as queries
from mdf.services import claims
from mdf.services.claim_moves import ClaimNotPossible
from mdf.services.claims import ClaimRuns
from mdf.views import claim_files
from mdf.views.claim_finding import go_to, own
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.approvals import panel
from prm.custom_fields import record_views as custom_fields
from prm.drafts.gone import tells_of_thrown_away
from prm.events.refusals import DomainError


@require_POST
@requires(permissions.can_claim)
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a claim for an approved request, or go on with the one there is."""
    rows = FundRequest.objects.visible_to(request.member).filter(partner_id=request.member.partner_id)
    fund_request = rows.filter(pk=pk).first()
    if fund_request is None:
        raise Http404
    try:
        claim = claims.start(fund_request, by=request.member, at=timezone.now())
    except ClaimRuns as refusal:
        return go_to(refusal.facts["claim"])  # type: ignore[arg-type]
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("mdf:request", pk)
    return redirect("mdf:claim-form", claim.pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_claim)
@tells_of_thrown_away("mdf.claim")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft again, or take it: keep it for later, add a row, or send it."""
    claim = own(request, pk)
    if custom_fields.asks_for_fields(request):
        form = ClaimPage(claim, queries.lines_of(claim), posted=request.POST)
        keep = partial(claims.save, claim, form.content, by=request.member, at=timezone.now())
        return custom_fields.fields(request, form.custom, keep)
    if claim.status != ClaimStatus.DRAFT:
        return go_to(claim)  # sent already, perhaps by the same click a moment ago
    if request.method == "GET":
        return page(request, claim, ClaimPage(claim, queries.lines_of(claim)))
    return _take(request, claim)


@require_POST
@requires(permissions.can_claim)
@tells_of_thrown_away("mdf.claim")
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed so far and say so."""
    claim = own(request, pk)
    form = ClaimPage(claim, queries.lines_of(claim), posted=request.POST)
    version = version_of(request)
    try:
        saved = claims.save(claim, form.content, by=request.member, at=timezone.now(), version=version)
    except DomainError as refusal:
        return render(request, "mdf/claims/_saved.html", {"refusal": refusal, "version": version}, status=409)
    return render(request, "mdf/claims/_saved.html", {"claim": saved})


@require_POST
@requires(permissions.can_claim)
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer totals and checks for what is typed. A POST, because it is long."""
    claim = own(request, pk)
    return render(request, "mdf/claims/_preflight.html", {"claim": claim, "known": _typed(request, claim)})


@require_GET
@requires(permissions.can_claim)
def deciders(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the part of the form that says who will decide, by what is kept of the draft so far."""
    return render(request, "approvals/_deciders.html", _ahead(own(request, pk)))


@require_POST
@requires(permissions.can_claim)
@tells_of_thrown_away("mdf.claim")
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one file for a draft or an open question."""
    claim = own(request, pk)
    if not claim_files.is_open(claim, request.member):
        raise ClaimNotPossible(claim=claim)
    return claim_files.take_one(request, claim)


def version_of(request: HttpRequest) -> int | None:
    """Return the version that was on the screen."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None


def page(
    request: HttpRequest, claim: Claim, form: ClaimPage, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    """Answer the form with what the checks say of it."""
    if not form.custom.is_bound:
        form.custom.follow_record(claim, timezone.now())
    context = form_context(request.member, claim, form) | {"refusal": refusal}
    context["custom_url"] = reverse("mdf:claim-form", args=[claim.pk])
    return render(request, "mdf/claims/form.html", context, status=status)


def form_context(member: Membership, claim: Claim, form: ClaimPage) -> dict[str, Any]:
    """Return what a page with the form, or with parts of it, needs."""
    kept = queries.known(claim, timezone.now())
    known = (
        queries.known(claim, timezone.now(), claimed=form.claimed(kept.claimed)) if form.posted is not None else kept
    )
    proofs = queries.proofs_of(claim)
    wanted = [*kept.terms.proofs_all, *kept.terms.proofs_any]
    kinds = dict.fromkeys([*wanted, ProofKind.PAYMENT_PROOF, *(ProofKind(p.kind) for p in proofs), ProofKind.OTHER])
    return {
        **_ahead(claim),
        "usual_days": requests.usual_days(Claim.objects.filter(partner=claim.partner_id)),
        "claim": claim,
        "form": form,
        "known": known,
        "lines": [
            {
                "form": cost,
                "row": cost.row,
                "files": [claim_files.entry(p) for p in proofs if p.line_id == cost.row.id],
                "drop": drop(claim, ProofKind.INVOICE, cost.row.id) if cost.row.is_kept else "",
            }
            for cost in form.costs
        ],
        "proofs": [
            {
                "kind": kind,
                "label": kind.label,
                "is_needed": kind in kept.terms.proofs_all,
                "is_one_of": kind in kept.terms.proofs_any,
                "files": [claim_files.entry(p) for p in proofs if p.kind == kind and p.line_id is None],
                "drop": drop(claim, kind),
            }
            for kind in kinds
        ],
    }


def _ahead(claim: Claim) -> dict[str, Any]:
    """Return who would have to agree if the draft were sent now, where it is more than somebody who decides alone."""
    at = timezone.now()
    plan = approvals.plan_ahead(claim, at=at) if claim.status == ClaimStatus.DRAFT else None
    ahead = panel.ahead(plan, subject_type="mdf.claim", at=at) if plan else None
    return {"ahead": ahead, "deciders_url": reverse("mdf:claim-deciders", args=[claim.pk])}


def _typed(request: HttpRequest, claim: Claim) -> queries.Known:
    at = timezone.now()
    form = ClaimPage(claim, queries.lines_of(claim), posted=request.POST)
    kept = queries.known(claim, at)
    return queries.known(claim, at, claimed=form.claimed(kept.claimed))


def _take(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = ClaimPage(claim, queries.lines_of(claim), posted=request.POST)
    at, member = timezone.now(), request.member
    is_valid, content, do = form.is_valid(), form.content, request.POST.get("do")
    try:
        saved = claims.save(claim, content, by=member, at=at, version=version_of(request))
        refused = claim_files.take_all(request, saved)
        is_valid = form.custom.follow_record(saved, at) and is_valid
        if do == "submit" and is_valid and not refused:
            submitted = claims.submit(saved, content, by=member, at=at)
            messages.success(request, _("Claim submitted: %(number)s") % {"number": submitted.number})
            return go_to(submitted)
    except ClaimNotPossible:
        return redirect("mdf:claim", claim.pk)
    except DomainError as refusal:
        return page(request, own(request, claim.pk), form, refusal=refusal, status=409)
    if refused:
        form.main.add_error(None, refused)
    elif do in ("line", "check"):
        return redirect("mdf:claim-form", claim.pk)
    elif do != "submit":
        messages.success(request, _("Draft kept"))
        return redirect("mdf:request", claim.request_id)
    return page(request, own(request, claim.pk), form, status=422)
