"""Registrations that wait for the vendor: the list at the left, one of them with all its facts at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deals import permissions
from deals.forms.inbox import InboxList
from deals.models import Registration
from deals.queries import inbox as queries
from deals.queries import types
from deals.queries.inbox import View
from deals.rules.conflicts import Verdict
from deals.rules.terms import AREA
from deals.services import decisions
from deals.views import amendments, rulings, timeline
from deals.views.finding import find_sent
from prm.accounts.guards import requires
from prm.accounts.models import Membership, VendorProfile
from prm.approvals import panel
from prm.clocks.hours import day_of
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files.models import File
from prm.inbox.desk import Desk
from prm.promises import marks
from prm.ui import countries
from prm.ui.states import State, state_of

BULK_AT_MOST = 50
HISTORY = 6


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the list, with its first registration beside it where there is room; a POST approves ticked rows."""
    if request.method == "POST":
        return _approve_ticked(request)
    return desk.start(request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_agree)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one registration, as a part of the page or the whole of it; a POST tells the partner that review began."""
    registration = find_sent(request, pk)
    if request.method == "POST":
        if request.member.has(permissions.can_decide):
            decisions.open_review(registration, by=request.member, at=timezone.now())
        if not request.htmx:
            return redirect(desk.address(registration, listing_of(request)))
        registration = find_sent(request, pk)
    return desk.open(request, registration)


def listing_of(request: HttpRequest) -> InboxList:
    """Return the list that the address asks for."""
    return InboxList(request.GET, request.member, timezone.now(), decides=not only_if_asked(request.member))


def item_context(request: HttpRequest, listing: InboxList, registration: Registration) -> dict[str, Any]:
    """Return what the right side shows."""
    dossier = queries.dossier_of(registration, today_of(request), zone=request.profile.time_zone)
    has_steps = bool(dossier.stipulated.steps)
    approval = panel.of(registration, request.member, at=timezone.now()) if has_steps else None
    decides = request.member.has(permissions.can_decide)
    changes = amendments.shown(registration)
    is_own_entry = registration.entered_by_id == request.member.user_id
    return {
        "listing": listing,
        "amendment": amendments.waiting_in(changes),
        "changed": amendments.changed_before(changes) if registration.is_waiting else [],
        "approval": approval,
        "decides": decides,
        "keeps": request.member.has(permissions.can_keep_customers),
        "deal_type": types.label_of(registration.type),
        "is_own_entry": is_own_entry,
        "may_decide": not is_own_entry and (bool(approval.turn) if approval and approval.is_waiting else decides),
        "registration": registration,
        "dossier": dossier,
        "ruling": rulings.told(dossier.explained, request.member),
        "country": countries.name_of(registration.customer_country),
        "files": _files(registration),
        "details": details.of(AREA, registration, request),
        "history": timeline.entries(registration, request.member)[-HISTORY:],
        "writing": comments.form_for(registration, request.member, back=desk.address(registration, listing)),
    }


def list_context(request: HttpRequest, listing: InboxList, registration: Registration | None) -> dict[str, Any]:
    """Return what the left side shows; the open registration is marked."""
    counts = queries.counts(request.member, listing.at) if listing.decides else {}
    groups = _groups(listing, request.profile, registration)
    currencies = {money.currency for group in groups for money in group["sums"]}
    return {
        "listing": listing,
        "groups": groups,
        "currency": currencies.pop() if len(currencies) == 1 else "",
        "inbox_tabs": listing.tabs_with(counts, reverse("deals:inbox")),
        "can_tick": listing.view in (View.MINE, View.TEAM),
    }


def today_of(request: HttpRequest) -> date:
    """Return the vendor's day."""
    return day_of(timezone.now(), request.profile.time_zone)


# -- the list ------------------------------------------------------------------------------------------
def _groups(listing: InboxList, profile: VendorProfile, opened: Registration | None) -> list[dict[str, Any]]:
    is_open = listing.view in (View.MINE, View.TEAM)
    today = profile.day_of(timezone.now())
    rivals = queries.rivals_by_row(listing.rows, today, zone=profile.time_zone) if is_open else {}
    marked = {} if listing.view in (View.AMENDMENTS, View.DONE) else marks.of(listing.rows)
    return [
        {
            "label": label,
            "sums": sums,
            "rows": [
                {
                    "registration": row,
                    "url": desk.address(row, listing),
                    "badge": _badge(listing.view, row, rivals.get(row.pk, [])),
                    "mark": marked.get(row.pk),
                    "due": listing.due_of(row),
                    "tick": f"{row.pk}.{row.version}",
                    "current": opened is not None and row.pk == opened.pk,
                }
                for row in rows
            ],
        }
        for label, sums, rows in listing.groups
    ]


def _badge(view: View, row: Registration, rivals: Sequence[queries.Match]) -> State | None:
    """What stands out: who else is after the customer, or where the registration stands."""
    match view:
        case View.MINE | View.TEAM:
            verdict = queries.verdict_of(rivals)
            is_next = getattr(row, "is_next", False) and verdict != Verdict.TAKEN
            return state_of("next_in_line" if is_next else verdict)
        case View.ASKED:
            return state_of("information_asked")
        case View.EXTENSIONS:
            return state_of(row.protection)
        case View.AMENDMENTS:
            return state_of(row.protection if row.is_protected else row.review)
        case _:
            return state_of(row.review)


# -- the item ------------------------------------------------------------------------------------------
def _files(registration: Registration) -> list[dict[str, Any]]:
    """The files that were checked and may be opened."""
    return [files.entry(file) for file in files.of(registration).filter(status=File.Status.CLEAN)]


# -- several at once -----------------------------------------------------------------------------------
def _approve_ticked(request: HttpRequest) -> HttpResponse:
    """Approve each ticked row on its own; the answer says which were, and why others were not."""
    approved: list[Registration] = []
    agreed: list[Registration] = []
    refused: list[dict[str, Any]] = []
    for tick in request.POST.getlist("id")[:BULK_AT_MOST]:
        pk, _, version = tick.partition(".")
        registration = _ticked(request, pk)
        if registration is None or not version.isdecimal():
            continue
        try:
            facts: dict[str, Any] = {"version": int(version[:9]), "only_if_asked": only_if_asked(request.member)}
            done = decisions.approve(registration, by=request.member, at=timezone.now(), aside="", **facts)
            (agreed if done.is_waiting else approved).append(done)
        except DomainError as refusal:
            refusal.facts["for_vendor"] = True
            refused.append({"registration": registration, "sentence": refusal.sentence})
    left_over = max(0, len(request.POST.getlist("id")) - BULK_AT_MOST)
    bulk = {"approved": approved, "agreed": agreed, "refused": refused, "left_over": left_over, "at_most": BULK_AT_MOST}
    return desk.page(request, listing_of(request), None, opened="item", bulk=bulk)


def only_if_asked(member: Membership) -> bool:
    """Say whether somebody decides only where an approval step asks them."""
    return not member.has(permissions.can_decide)


def _ticked(request: HttpRequest, pk: str) -> Registration | None:
    try:
        return Registration.objects.visible_to(request.member).select_related("partner").filter(pk=UUID(pk)).first()
    except ValueError:
        return None


desk = Desk(
    url="deals:inbox",
    item_url="deals:inbox-item",
    templates="deals/inbox",
    row="registration",
    listing_of=listing_of,
    find=find_sent,
    list_context=list_context,
    item_context=item_context,
    undo_until=queries.undo_until,
)
