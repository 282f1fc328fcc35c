"""Claims as a list and as a page, for partners and the vendor alike."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mdf import permissions
from mdf.enums import ClaimAction as Action
from mdf.enums import ClaimStatus
from mdf.forms.claim_decisions import reason
from mdf.forms.claim_lists import ClaimList
from mdf.models import Claim, Payment
from mdf.queries import claims as queries
from mdf.queries import export as exports
from mdf.queries import terms as fund_terms
from mdf.queries.reservations import RUNNING
from mdf.rules.catalogue import CLAIM
from mdf.views import timeline
from mdf.views.claim_finding import find
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.audit.queries import head_of_chain
from prm.clocks import calendars
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.disputes import panel as disputes
from prm.files import evidence
from prm.files.models import File
from prm.questions import services as questions

VIEWS = ("open", "to_pay", "paid", "drafts", "ended", "all")
TO_PAY = (ClaimStatus.APPROVED, ClaimStatus.SCHEDULED, ClaimStatus.PART_PAID)
ENDED = (ClaimStatus.REJECTED, ClaimStatus.WITHDRAWN, ClaimStatus.CLAWED_BACK)


@require_GET
@requires(permissions.can_see)
def listing(request: HttpRequest) -> HttpResponse:
    """List the claims this person sees."""
    view = _view(request)
    rows = ClaimList(request.GET, _rows(request.member, view))
    context = {
        "listing": rows,
        "views": _views(request, view),
        "can_claim": request.member.has(permissions.can_claim),
    }
    return render(request, "mdf/claims/list.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    rows = ClaimList(request.GET, _rows(request.member, _view(request)))
    return exports.claims(rows.matching, for_vendor=request.member.is_vendor, at=timezone.now(), name="claims.csv")


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one claim: what is asked, what was decided of each cost and file, what was paid, what happened."""
    claim = find(request, pk)
    member = request.member
    proofs = [proof for proof in queries.proofs_of(claim) if proof.file.status == File.Status.CLEAN]
    is_decided = claim.decided_at is not None
    is_told = is_decided or claim.status == ClaimStatus.INFO_REQUESTED or member.is_vendor
    tones = {proof.file_id: "warn" for proof in proofs if proof.is_returned and is_told}
    context: dict[str, Any] = {
        "claim": claim,
        "details": details.of(CLAIM, claim, request),
        "lines": queries.lines_of(claim),
        "is_decided": is_decided,
        "reasons": _reasons(claim),
        "evidence": evidence.look_at([proof.file for proof in proofs], request.GET, request.path, tones=tones),
        "returned": [proof for proof in proofs if proof.is_returned and is_told],
        "known": queries.known(claim, timezone.now()),
        "calendar": calendars.name_of(fund_terms.promise_of(claim)) if claim.is_waiting else "",
        "question": questions.open_one(claim) if claim.status == ClaimStatus.INFO_REQUESTED else None,
        "payments": list(Payment.objects.filter(claim=claim).select_related("batch").order_by("id"))
        if member.is_vendor
        else list(Payment.objects.filter(claim=claim).order_by("id")),
        "clawbacks": list(claim.clawbacks.order_by("at", "id")),
        "timeline": timeline.entries(claim, member),
        "head": head_of_chain(),
        "appeal": disputes.of(claim, member, at=timezone.now()),
        "writing": comments.form_for(claim, member),
        "actions": _actions(claim, member),
        "reason": reason(claim.reason_code),
        "is_own": claim.partner_id == member.partner_id,
    }
    template = "files/_evidence.html" if request.htmx.target == evidence.ID else "mdf/claims/detail.html"
    return render(request, template, context)


def _reasons(claim: Claim) -> dict[UUID, str]:
    rows = claim.lines.exclude(reason_code="").values_list("pk", "reason_code")
    return {pk: reason(code) for pk, code in rows}


def _actions(claim: Claim, member: Membership) -> list[dict[str, Any]]:
    """Return the actions that this state allows this person, the likeliest first."""
    partners: list[tuple[Action, str, str, str]] = [
        (Action.SUBMIT, _("Continue the claim"), "mdf:claim-form", "edit"),
        (Action.ANSWER, _("Answer the question"), "mdf:claim-answer", "returned"),
        (Action.WITHDRAW, _("Withdraw"), "mdf:claim-withdrawal", "x"),
    ]
    offered: list[tuple[Action, str, str, str]] = []
    if claim.partner_id == member.partner_id and member.has(permissions.can_claim):
        offered = partners
    if member.has(permissions.can_decide_claims):
        offered = [(Action.APPROVE, _("Decide"), "mdf:claim-inbox-item", "check")]
    if member.has(permissions.can_pay):
        offered = [*offered, (Action.CLAW_BACK, _("Claw back"), "mdf:claim-clawback", "undo")]
    return [
        {"label": label, "url": reverse(url, args=[claim.pk]), "icon": icon}
        for action, label, url, icon in offered
        if claim.can(action) and not (action == Action.WITHDRAW and claim.status == ClaimStatus.DRAFT)
    ]


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "open"


def _rows(member: Membership, view: str) -> QuerySet[Claim]:
    rows = queries.with_parts(Claim.objects.visible_to(member))
    match view:
        case "open":
            return rows.filter(status__in=RUNNING)
        case "to_pay":
            return rows.filter(status__in=TO_PAY)
        case "paid":
            return rows.filter(status=ClaimStatus.PAID)
        case "drafts":
            return rows.filter(status=ClaimStatus.DRAFT)
        case "ended":
            return rows.filter(status__in=ENDED)
    return rows


def _views(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    labels = {
        "open": _("In review"),
        "to_pay": _("To be paid"),
        "paid": _("Paid"),
        "drafts": _("Drafts"),
        "ended": _("Ended"),
        "all": _("All"),
    }
    shown = [view for view in VIEWS if view != "drafts" or request.member.is_partner]
    return [{"label": labels[view], "url": f"?view={view}", "current": view == current} for view in shown]
