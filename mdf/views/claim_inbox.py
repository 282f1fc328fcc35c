"""Claims that wait for the vendor: the list at the left, one of them with plan, checks and evidence at the right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mdf import permissions
from mdf.forms.claim_decisions import ApprovalForm, reason
from mdf.forms.claim_inbox import ClaimInboxList
from mdf.models import Claim
from mdf.queries import claim_inbox as queries
from mdf.queries.claim_inbox import View
from mdf.queries.claims import Known
from mdf.rules.catalogue import CLAIM
from mdf.services import claim_decisions
from mdf.views import timeline
from mdf.views.claim_finding import find
from prm.accounts.guards import requires
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.events.refusals import DomainError
from prm.files import evidence
from prm.files.models import File
from prm.inbox.desk import Desk
from prm.policies import following
from prm.promises import marks
from prm.ui.states import State, state_of

BULK_AT_MOST = 50
HISTORY = 5


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the list, with its first claim beside it where there is room; a POST approves ticked rows."""
    if request.method == "POST":
        return _approve_ticked(request)
    return desk.start(request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one claim, as a part of the page or the whole of it; a POST tells the partner that review began."""
    claim = find(request, pk)
    if request.method == "POST":
        claim_decisions.open_review(claim, by=request.member, at=timezone.now())
        if not request.htmx:
            return redirect(desk.address(claim, listing_of(request)))
        claim = find(request, pk)
    return desk.open(request, claim, "files/_evidence.html" if request.htmx.target == evidence.ID else "")


def listing_of(request: HttpRequest) -> ClaimInboxList:
    """Return the list that the address asks for."""
    return ClaimInboxList(request.GET, request.member, timezone.now())


def item_context(
    request: HttpRequest, listing: ClaimInboxList, claim: Claim, *, file: UUID | None = None
) -> dict[str, Any]:
    """Return what the right side shows, with the file open that was asked for."""
    asked = {"file": str(file)} if file else request.GET
    dossier = queries.dossier_of(claim, request.member, timezone.now(), known=listing.known.get(claim.pk))
    files = {proof.file_id: proof for proof in dossier.proofs if proof.file.status == File.Status.CLEAN}
    tones = {pk: "warn" if proof.is_returned else "ok" for pk, proof in files.items() if proof.verdict}
    viewer = evidence.look_at(
        [proof.file for proof in files.values()], asked, desk.address(claim, listing), tones=tones
    )
    return {
        "listing": listing,
        "claim": claim,
        "details": details.of(CLAIM, claim, request),
        "dossier": dossier,
        "course": following.told(following.latest(claim)),
        "approval": ApprovalForm(total=dossier.pays, initial={"version": claim.version}),
        "evidence": viewer,
        "proof": files[viewer.sheet.file.pk] if viewer.sheet else None,
        "file_foot": "mdf/claim_inbox/_file_verdict.html",
        "reasons": {row.line.pk: reason(row.line.reason_code) for row in dossier.rows if row.line},
        "history": timeline.entries(claim, request.member)[-HISTORY:],
        "writing": comments.form_for(claim, request.member, back=desk.address(claim, listing)),
    }


def list_context(request: HttpRequest, listing: ClaimInboxList, claim: Claim | None) -> dict[str, Any]:
    """Return what the left side shows; the open claim is marked."""
    counts = queries.counts(request.member, listing.at)
    is_open = listing.view in (View.MINE, View.TEAM)
    listing.known = queries.known_rows(listing.rows, listing.at) if is_open else {}
    groups = _groups(listing, claim, listing.known)
    currencies = {money.currency for group in groups for money in group["sums"]}
    return {
        "listing": listing,
        "groups": groups,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "inbox_tabs": listing.tabs_with(counts, reverse("mdf:claim-inbox")),
        "extensions": list(queries.waiting_extensions()) if listing.view != View.DONE else [],
        "can_tick": listing.view in (View.MINE, View.TEAM),
    }


# -- the list ------------------------------------------------------------------------------------------
def _groups(listing: ClaimInboxList, opened: Claim | None, known: dict[UUID, Known]) -> list[dict[str, Any]]:
    marked = {} if listing.view == View.DONE else marks.of(listing.rows)
    return [
        {
            "label": label,
            "sums": sums,
            "rows": [
                {
                    "claim": row,
                    "url": desk.address(row, listing),
                    "badge": _badge(known[row.pk]) if known else state_of(row.status),
                    "mark": marked.get(row.pk),
                    "due": listing.due_of(row),
                    "tick": queries.tick_of(row),
                    "pays": known[row.pk].assessment.recommended if known else row.asked,
                    "current": opened is not None and row.pk == opened.pk,
                }
                for row in rows
            ],
        }
        for label, sums, rows in listing.groups
    ]


def _badge(known: Known) -> State:
    """What stands out: something used before, more than was planned, other flags, or nothing."""
    match queries.standing(known):
        case "duplicate":
            return State("bad", "stop", _("Used before"))
        case "over_plan":
            return State("bad", "warn", _("Over plan"))
        case "flags":
            count = len(known.assessment.flags)
            return State("warn", "warn", ngettext("%(count)d flag", "%(count)d flags", count) % {"count": count})
    return State("ok", "check", _("Checks pass"))


# -- several at once -----------------------------------------------------------------------------------
def _approve_ticked(request: HttpRequest) -> HttpResponse:
    """Approve each ticked claim as it is recommended; the answer says which were, and why others were not."""
    approved, refused = [], []
    for tick in request.POST.getlist("id")[:BULK_AT_MOST]:
        pk, _dot, version = tick.partition(".")
        claim = _ticked(request, pk)
        if claim is None or not version.isdecimal():
            continue
        try:
            approved.append(
                claim_decisions.approve(
                    claim, by=request.member, at=timezone.now(), version=int(version[:9]), is_clean_only=True
                )
            )
        except DomainError as refusal:
            refusal.facts["for_vendor"] = True
            refused.append({"claim": claim, "sentence": refusal.sentence})
    left_over = max(0, len(request.POST.getlist("id")) - BULK_AT_MOST)
    bulk = {"approved": approved, "refused": refused, "left_over": left_over, "at_most": BULK_AT_MOST}
    return desk.page(request, listing_of(request), None, opened="item", bulk=bulk)


def _ticked(request: HttpRequest, pk: str) -> Claim | None:
    try:
        rows = Claim.objects.visible_to(request.member).select_related("partner", "request")
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


desk = Desk(
    url="mdf:claim-inbox",
    item_url="mdf:claim-inbox-item",
    templates="mdf/claim_inbox",
    row="claim",
    listing_of=listing_of,
    find=find,
    list_context=list_context,
    item_context=item_context,
    undo_until=queries.undo_until,
)
