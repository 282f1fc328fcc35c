"""Requests for funds as a list and as a page, for partners and the vendor alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from mdf import permissions
from mdf.enums import RequestAction as Action
from mdf.enums import RequestStatus
from mdf.forms.lists import RequestList
from mdf.models import FundRequest
from mdf.models.requests import WAITING
from mdf.queries import approvals, checks, claims, reservations
from mdf.queries import export as exports
from mdf.queries import requests as queries
from mdf.queries import terms as fund_terms
from mdf.queries.terms import today_of_vendor
from mdf.rules.catalogue import AREA
from mdf.views import attachments, timeline
from mdf.views.finding import find
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.audit.queries import head_of_chain
from prm.clocks import calendars
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.disputes import panel as disputes
from prm.money import Money
from prm.policies.models import ReasonCode
from prm.questions import services as questions

VIEWS = ("open", "review", "approved", "drafts", "ended", "all")
ENDED = (
    RequestStatus.REJECTED,
    RequestStatus.WITHDRAWN,
    RequestStatus.COMPLETED,
    RequestStatus.CANCELLED,
    RequestStatus.LAPSED,
)


@require_GET
@requires(permissions.can_see)
def listing(request: HttpRequest) -> HttpResponse:
    """List the requests this person sees."""
    view = _view(request)
    rows = RequestList(request.GET, _rows(request.member, view))
    context = {
        "listing": rows,
        "views": _views(request, view),
        "can_request": request.member.has(permissions.can_request),
    }
    return render(request, "mdf/requests/list.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    rows = RequestList(request.GET, _rows(request.member, _view(request)))
    return exports.requests(
        rows.matching, for_vendor=request.member.is_vendor, at=timezone.now(), name="fund-requests.csv"
    )


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one request: what is planned, where it stands, what comes next, what happened."""
    fund_request = find(request, pk)
    today, member = request.profile.day_of(timezone.now()), request.member
    is_asked = fund_request.status == RequestStatus.INFO_REQUESTED
    context: dict[str, Any] = {
        "fund_request": fund_request,
        "lines": queries.lines_of(fund_request),
        "claims": queries.claims_of(fund_request, member),
        "claiming": _claiming(fund_request, member, today),
        "details": details.of(AREA, fund_request, request),
        "files": attachments.entries(fund_request),
        "question": questions.open_one(fund_request) if is_asked else None,
        "calendar": calendars.name_of(fund_terms.promise_of(fund_request)) if fund_request.is_waiting else "",
        "terms": queries.terms_of(fund_request, today),
        "timeline": timeline.entries(fund_request, member),
        "head": head_of_chain(),
        "appeal": disputes.of(fund_request, member, at=timezone.now()),
        "writing": comments.form_for(fund_request, member),
        "actions": _actions(fund_request, member),
        "left": _left(fund_request),
        "today": today,
        "reason": _reason(fund_request),
        "is_own": fund_request.partner_id == member.partner_id,
    }
    if member.is_vendor:
        context["steps"] = approvals.steps_of(fund_request)
        if fund_request.is_waiting:
            context["findings"] = checks.findings_of(fund_request, today=today_of_vendor(fund_request.submitted_at))
    return render(request, "mdf/requests/detail.html", context)


def _claiming(fund_request: FundRequest, member: Membership, today: date) -> dict[str, Any]:
    """Return what can be done about claims now, and whether more time was asked for."""
    extension = claims.extension_of(fund_request)
    is_own = fund_request.partner_id == member.partner_id and member.has(permissions.can_claim)
    is_free = fund_request.is_approved and claims.current_of(fund_request) is None
    deadline = fund_request.claim_by
    terms = queries.terms_of(fund_request, today)
    is_extensible = fund_request.status in (RequestStatus.APPROVED, RequestStatus.LAPSED) and deadline is not None
    return {
        "extension": extension,
        "may_start": is_own and is_free and fund_request.may_be_claimed(today),
        "may_extend": is_own
        and is_extensible
        and extension is None
        and deadline is not None
        and today <= deadline + timedelta(days=terms.extension_days),
        "may_decide": member.has(permissions.can_decide_claims),
    }


def _reason(fund_request: FundRequest) -> str:
    """Return why it was rejected, in the reader's language."""
    code = fund_request.reason_code
    if not code:
        return ""
    reason = ReasonCode.objects.filter(area="mdf.request", code=code).first()
    return f"{reason or ReasonCode(code=code)}."


def _left(fund_request: FundRequest) -> Money | None:
    """Return what of an approved request is not claimed yet."""
    if not fund_request.is_approved:
        return None
    return Money(reservations.left_of(fund_request), fund_request.currency)


def _actions(fund_request: FundRequest, member: Membership) -> list[dict[str, Any]]:
    """Return the actions that this state allows this person, the likeliest first."""
    partners: list[tuple[Action, str, str, str]] = [
        (Action.SUBMIT, _("Continue the draft"), "mdf:request-form", "edit"),
        (Action.ANSWER, _("Answer the question"), "mdf:request-answer", "returned"),
        (Action.WITHDRAW, _("Withdraw"), "mdf:request-withdrawal", "x"),
        (Action.CANCEL, _("Cancel the activity"), "mdf:request-cancellation", "x"),
    ]
    deciders: list[tuple[Action, str, str, str]] = [(Action.APPROVE, _("Decide"), "mdf:inbox-item", "check")]
    is_own = fund_request.partner_id == member.partner_id and member.has(permissions.can_request)
    offered = partners if is_own else deciders if member.has(permissions.can_decide) else []
    return [
        {
            "label": label,
            "url": reverse(url, args=[fund_request.pk]),
            "icon": icon,
            "is_main": action not in (Action.WITHDRAW, Action.CANCEL),
        }
        for action, label, url, icon in offered
        if fund_request.can(action) and not (action == Action.WITHDRAW and fund_request.status == RequestStatus.DRAFT)
    ]


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "open"


def _rows(member: Membership, view: str) -> QuerySet[FundRequest]:
    rows = FundRequest.objects.visible_to(member).select_related("partner", "fund", "activity_type")
    match view:
        case "open":
            return rows.filter(status__in=queries.OPEN)
        case "review":
            return rows.filter(status__in=(*WAITING, RequestStatus.INFO_REQUESTED))
        case "approved":
            return rows.filter(status=RequestStatus.APPROVED)
        case "drafts":
            return rows.filter(status=RequestStatus.DRAFT)
        case "ended":
            return rows.filter(status__in=ENDED)
    return rows


def _views(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    labels = {
        "open": pgettext("state", "Open"),
        "review": _("In review"),
        "approved": _("Approved"),
        "drafts": _("Drafts"),
        "ended": _("Ended"),
        "all": _("All"),
    }
    shown = [view for view in VIEWS if view != "drafts" or request.member.is_partner]
    return [{"label": labels[view], "url": f"?view={view}", "current": view == current} for view in shown]
