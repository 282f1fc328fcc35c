"""Deals as a list and as a page, for partners and the vendor alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deals import permissions
from deals.enums import Action, Review
from deals.forms.lists import RegistrationList
from deals.models import Registration
from deals.queries import behalf, cases, check_ins, clock, distributors, endings, queue, rules, transfers, types
from deals.queries import export as exports
from deals.queries import registrations as queries
from deals.queries.terms import today_of_vendor
from deals.rules.engagement import Stipulated
from deals.rules.terms import AREA
from deals.views import amendments, attachments, rulings, timeline
from deals.views.finding import find
from deals.views.looks import looks_at, rows_of, view_of, views_of
from prm import together
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.approvals import panel
from prm.audit.queries import head_of_chain
from prm.clocks import calendars
from prm.clocks.clock import Unit
from prm.clocks.hours import DAY
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.disputes import panel as disputes
from prm.questions import services as questions

HOUR = timedelta(hours=1)
RARE = (Action.TRANSFER, Action.REVOKE)  # never what a page calls for first


@require_GET
@requires(permissions.can_see)
def listing(request: HttpRequest) -> HttpResponse:
    """List the deals this person sees."""
    view = view_of(request)
    deals = RegistrationList(request.GET, rows_of(request.member, view))
    context = {
        "listing": deals,
        "views": views_of(request, view),
        "looks": looks_at(request, "list"),
        "view": view,
        "today": request.profile.day_of(timezone.now()),
        "has_transferred": request.member.is_partner and transfers.gone(request.member).exists(),
    }
    context["registers_for_others"] = request.member.has(permissions.can_enter) and behalf.may_register(
        request.member, context["today"]
    )
    if request.htmx and request.GET.get("part"):  # on a partner's page: no links that would sort that page
        return render(request, "deals/registrations/_table.html", {**context, "is_part": True})
    return render(request, "deals/registrations/list.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    deals = RegistrationList(request.GET, rows_of(request.member, view_of(request)))
    return exports.csv_answer(deals.matching, name="deals.csv", for_vendor=request.member.is_vendor, at=timezone.now())


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one deal: what it is about, where it stands, what happened."""
    try:
        registration = find(request, pk)
    except Http404:
        if request.member.is_partner and transfers.gone(request.member).filter(registration=pk).exists():
            return redirect("deals:transferred")
        raise
    today, member = request.profile.day_of(timezone.now()), request.member
    lines = queries.lines_of(registration)
    activities, latest, conflicts = together.fetch(
        queries.activities_of(registration),
        rules.rulings_of(registration)[:1],
        cases.of_registration(registration)[:1],
    )
    explained = rules.explained(next(iter(latest), None))
    stipulated = explained.stipulated if explained else queries.stipulated_of(registration, today)
    context: dict[str, Any] = {
        "registration": registration,
        "lines": lines,
        "activities": activities,
        "deal_type": types.label_of(registration.type),
        "distributor": distributors.name_of(registration) if registration.distributor_id else "",
        "conflict": next(iter(conflicts), None),
        "sees_conflict": member.has(permissions.can_register),
        "sees_case": member.has(permissions.can_decide),
        "files": attachments.entries(registration),
        "details": details.of(AREA, registration, request),
        "check_in": check_ins.standing_of(registration, today),
        "is_free_again": queue.is_free_again(registration, timezone.now()),
        "is_first_gone": queue.is_first_gone(registration, timezone.now()),
        "question": questions.open_one(registration) if registration.review == Review.INFO_REQUESTED else None,
        "extension": queries.waiting_extension(registration) if registration.is_protected else None,
        "transfer": transfers.asked_of(registration),
        "decides_transfer": member.has(permissions.can_decide),
        "amendments": amendments.shown(registration) if registration.submitted_at else [],
        "stipulated": stipulated,
        "ruling": rulings.told(explained, member),
        "approval": panel.of(registration, member, at=timezone.now()) if stipulated.steps else None,
        "can_extend": registration.extensions < stipulated.extension_limit,
        "timeline": timeline.entries(registration, member),
        "head": head_of_chain(),
        "appeal": disputes.of(registration, member, at=timezone.now()),
        "writing": comments.form_for(registration, member),
        "today": today,
    }
    approval = context["approval"]
    context["actions"] = _actions(
        registration, member, stipulated, context["check_in"], is_asked=bool(approval and approval.turn)
    )
    if registration.is_waiting or context["question"]:
        context["clock"] = _clock(registration, stipulated)
    if member.has(permissions.can_decide):
        context["rivals"] = queries.rivals_of(registration, lines, today, zone=request.profile.time_zone)
        is_held = any(rival.conflict.blocks_approval for rival in context["rivals"])
        context["is_next"] = registration.is_waiting and not is_held and queue.turns_of(registration).exists()
    return render(request, "deals/registrations/detail.html", context)


def _clock(registration: Registration, stipulated: Stipulated) -> dict[str, Any]:
    """Return how the promised time was counted, and what changed opening hours would make of it."""
    reading = clock.of(registration, stipulated.promise, at=timezone.now())
    unit = HOUR if reading.promise.unit == Unit.HOURS else DAY
    is_moved = reading.due is not None and reading.due != registration.decide_by
    researched = clock.researches_of(registration).exists() if is_moved else False
    return {
        "stretches": [(stretch, round(stretch.used / unit, 1)) for stretch in reading.stretches],
        "promised": reading.promise.amount,
        "in_hours": reading.promise.unit == Unit.HOURS,
        "left": round(reading.left / unit, 1),
        "closed": reading.closed,
        "calendar": calendars.name_of(reading.promise),
        "moved_to": reading.due if is_moved and not researched else None,
        "is_researched": researched,
    }


def _actions(
    registration: Registration,
    member: Membership,
    stipulated: Stipulated,
    check_in: check_ins.Standing | None,
    *,
    is_asked: bool,
) -> list[dict[str, Any]]:
    """Return the actions that this state allows this person, the likeliest first."""
    sellers: list[tuple[Action, str, str, str]] = [
        (Action.SUBMIT, _("Continue the draft"), "deals:registration-form", "edit"),
        (Action.ANSWER, _("Answer the question"), "deals:registration-answer", "returned"),
        (Action.ASK_EXTENSION, _("Extend protection"), "deals:registration-extension", "shield"),
        (Action.ADVANCE, _("Change stage"), "deals:registration-stage", "edit"),
        (Action.WIN, _("Mark won"), "deals:registration-win", "check"),
        (Action.LOSE, _("Mark lost"), "deals:registration-loss", "x"),
        (Action.RESUME, _("Reopen the deal"), "deals:registration-reopening", "undo"),
        (Action.AMEND, _("Change the facts"), "deals:registration-amendment", "edit"),
        (Action.RELEASE, _("Release protection"), "deals:registration-release", "undo"),
        (Action.REPEAT, _("Ask again"), "deals:registration-again", "undo"),
        (Action.HAND_OVER, _("Hand over to a colleague"), "deals:registration-handover", "person"),
        (Action.ASK_TRANSFER, _("Ask for a transfer"), "deals:registration-transfer-request", "person"),
        (Action.WITHDRAW, _("Withdraw"), "deals:registration-withdrawal", "x"),
    ]
    if check_in:
        place = 0 if check_in.is_soon else 3
        sellers.insert(place, (Action.CHECK_IN, _("Check in"), "deals:registration-check-in", "check"))
    deciders: list[tuple[Action, str, str, str]] = [
        (Action.APPROVE, _("Decide"), "deals:inbox-item", "check"),
        (Action.TRANSFER, _("Transfer to a partner"), "deals:registration-transfer", "person"),
        (Action.REVOKE, _("Revoke protection"), "deals:registration-revocation", "stop"),
    ]
    is_own = registration.partner_id == member.partner_id and member.has(permissions.can_register)
    offered = sellers if is_own else deciders if member.has(permissions.can_decide) else []
    if not is_own and registration.is_filled_in_by(member) and member.has(permissions.can_enter):
        offered = [each for each in sellers if each[0] in (Action.SUBMIT, Action.ANSWER)]
    if registration.entered_by_id == member.user_id:
        offered = [action for action in offered if action[0] != Action.APPROVE]  # somebody else decides
    if not offered and is_asked:
        offered = deciders[:1]
    return [
        {"label": label, "url": reverse(url, args=[registration.pk]), "icon": icon, "is_rare": action in RARE}
        for action, label, url, icon in offered
        if registration.can(action)
        and not (action == Action.WITHDRAW and registration.review == Review.DRAFT)
        and not (action == Action.RESUME and not _can_reopen(registration))
        and not (action == Action.AMEND and registration.amend_by)
        and not (action == Action.ASK_EXTENSION and registration.extensions >= stipulated.extension_limit)
    ]


def _can_reopen(registration: Registration) -> bool:
    until = endings.reopens_until(registration)
    return until is not None and today_of_vendor(timezone.now()) <= until
