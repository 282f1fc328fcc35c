"""Claims that wait for the vendor: the list at the left, one of them with plan, checks and evidence at the right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
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
    listing = listing_of(request)
    first = listing.rows[0] if listing.rows else None
    return page(request, listing, find(request, first.pk) if first else None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_claims)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one claim, as a part of the page or the whole of it; a POST tells the partner that review began."""
    claim = find(request, pk)
    if request.method == "POST":
        claim_decisions.open_review(claim, by=request.member, at=timezone.now())
        if not request.htmx:
            return redirect(item_url(claim, listing_of(request)))
        claim = find(request, pk)
    listing = listing_of(request)
    if is_fragment(request):
        template = "files/_evidence.html" if request.htmx.target == evidence.ID else "mdf/claim_inbox/_item.html"
        response = render(request, template, item_context(request, listing, claim))
        patch_vary_headers(response, ["HX-Request"])
        return response
    return page(request, listing, claim, opened="item")


def page(
    request: HttpRequest,
    listing: ClaimInboxList,
    claim: Claim | None,
    *,
    opened: str = "list",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Answer the whole inbox with one claim open, or none."""
    context = list_context(request, listing, claim) | {"opened": opened}
    known = context["known"].get(claim.pk) if claim else None
    context |= item_context(request, listing, claim, known=known) if claim else {"listing": listing}
    context |= {"decided": decided_lately(request)} | more
    if context["decided"] and claim is None:
        context["opened"] = "item"  # where the list and the item are two pages, what was done is on the item's
    response = render(request, "mdf/claim_inbox/inbox.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def listing_of(request: HttpRequest) -> ClaimInboxList:
    """Return the list that the address asks for."""
    return ClaimInboxList(request.GET, request.member, timezone.now())


def is_fragment(request: HttpRequest) -> bool:
    """Say whether only a part of the page was asked for."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def item_url(claim: Claim, listing: ClaimInboxList) -> str:
    """Return where a claim is, within this list."""
    return reverse("mdf:claim-inbox-item", args=[claim.pk]) + listing.tail


def item_context(
    request: HttpRequest,
    listing: ClaimInboxList,
    claim: Claim,
    *,
    file: UUID | None = None,
    known: Known | None = None,
) -> dict[str, Any]:
    """Return what the right side shows, with the file open that was asked for."""
    asked = {"file": str(file)} if file else request.GET
    dossier = queries.dossier_of(claim, request.member, timezone.now(), known=known)
    files = {proof.file_id: proof for proof in dossier.proofs if proof.file.status == File.Status.CLEAN}
    tones = {pk: "warn" if proof.is_returned else "ok" for pk, proof in files.items() if proof.verdict}
    viewer = evidence.look_at([proof.file for proof in files.values()], asked, item_url(claim, listing), tones=tones)
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
        "writing": comments.form_for(claim, request.member, back=item_url(claim, listing)),
    }


def list_context(request: HttpRequest, listing: ClaimInboxList, claim: Claim | None) -> dict[str, Any]:
    """Return what the left side shows; the open claim is marked."""
    counts = queries.counts(request.member, listing.at)
    is_open = listing.view in (View.MINE, View.TEAM)
    known = queries.known_rows(listing.rows, listing.at) if is_open else {}
    groups = _groups(listing, claim, known)
    currencies = {money.currency for group in groups for money in group["sums"]}
    return {
        "listing": listing,
        "groups": groups,
        "known": known,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "inbox_tabs": [
            {
                "label": view.label,
                "url": f"{reverse('mdf:claim-inbox')}?view={view.value}",
                "count": counts.get(view),
                "current": view == listing.view,
            }
            for view in View
        ],
        "extensions": list(queries.waiting_extensions()) if listing.view != View.DONE else [],
        "can_tick": listing.view in (View.MINE, View.TEAM),
    }


def decided_lately(request: HttpRequest) -> dict[str, Any] | None:
    """What the person has just decided without scripts, while it can be undone."""
    try:
        claim = Claim.objects.visible_to(request.member).filter(pk=request.GET["decided"]).first()
    except (KeyError, ValidationError):
        return None
    if claim is None:
        return None
    until = queries.undo_until(claim, request.member)
    return {"claim": find(request, claim.pk)} if until and timezone.now() <= until else None


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
                    "url": item_url(row, listing),
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
    return page(request, listing_of(request), None, opened="item", bulk=bulk)


def _ticked(request: HttpRequest, pk: str) -> Claim | None:
    try:
        rows = Claim.objects.visible_to(request.member).select_related("partner", "request")
        return rows.filter(pk=UUID(pk)).first()
    except ValueError:
        return None
