"""Passing approval steps: the last of those asked approves a request, and any of them refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from mdf.models import ApprovalStep, FundRequest
from mdf.queries import facts
from mdf.queries import terms as fund_terms
from mdf.rules import steps
from mdf.rules.catalogue import AREA
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.approvals import queries, services
from prm.approvals.models import Approval
from prm.approvals.plans import Facts, Hindrance, Plan
from prm.approvals.services import NotYourTurn
from prm.money import Money
from prm.policies import following
from prm.policies.models import CourseTaken, PolicyVersion
from prm.tenancy.context import seeing_all_partners


def judge(request: FundRequest, *, at: datetime, version: PolicyVersion | None = None) -> CourseTaken | None:
    """Follow the rules of the version that the request is decided under; nothing for a vendor without any."""
    if version is None:
        today = fund_terms.today_of_vendor(request.submitted_at or at)
        version = following.in_force(AREA, today)
    if version is None:
        return None
    available = facts.available_to(request)
    return following.follow(
        request,
        version,
        lambda asked: facts.facts_of(request, at=at, asked=asked),
        at=at,
        is_contested=available is not None and available < request.asked_amount,
    )


def begin(request: FundRequest, taken: CourseTaken | None, *, by: Membership | None, at: datetime) -> None:
    """Ask those whom the rules name, or as many as the terms ask for. The caller saves the row."""
    plan = _plan(request, taken, request.asked_amount)
    request.approvals_given, request.approvals_needed = 0, _needed(plan)
    if not steps.is_plain(plan):
        services.start(request, plan, requested_by=by, at=at)


def agree(request: FundRequest, total: Decimal, *, by: Membership, at: datetime, note: str) -> bool:
    """Agree to an amount as this person's step, and say whether nobody else has to. Raises `NotYourTurn`."""
    plan = _plan(request, following.latest(request), total)
    approval = queries.current_of(request)
    if approval is None and steps.is_plain(plan):
        if by.role == Role.FINANCE or by.user_id == request.owner_id:
            is_own = by.user_id == request.owner_id
            raise NotYourTurn(hindrance=Hindrance.OWN if is_own else Hindrance.NOT_ASKED, step="")
        request.approvals_given = request.approvals_needed = 1
        return True
    if approval is None:
        approval = services.start(request, plan, requested_by=None, at=at)
    standing = queries.standing_of(approval)
    if standing.plan.facts.amount != plan.facts.amount:
        approval = services.amend(request, steps.lowered(standing, plan), facts=(), by=by, at=at) or approval
    approval = services.approve(approval, by=by, at=at, note=note)
    standing = queries.standing_of(approval)
    request.approvals_given, request.approvals_needed = len(standing.valid), _needed(standing.plan)
    return approval.status == Approval.Status.APPROVED


def refuse(request: FundRequest, *, reason_code: str, note: str, by: Membership, at: datetime) -> None:
    """Refuse the step that waits for this person, which ends it for all. Raises `NotYourTurn`."""
    if approval := queries.current_of(request):
        services.reject(approval, reason_code=reason_code, note=note, by=by, at=at)


def follow_change(request: FundRequest, changed: Collection[str], *, by: Membership, at: datetime) -> None:
    """Judge again what changed; only those whom it touches are asked again, and those whom the rules name since."""
    before = following.latest(request)
    taken = judge(request, at=at, version=before.policy) if before else None
    plan = _plan(request, taken, request.asked_amount)
    approval = services.amend(request, plan, facts=frozenset(changed), by=by, at=at)
    if approval is None and not steps.is_plain(plan):
        approval = services.start(request, plan, requested_by=by, at=at)
    with seeing_all_partners():  # what partners don't see is the platform's to forget
        given = queries.standing_of(approval).valid if approval else ()
        rows = ApprovalStep.objects.filter(subject_id=request.pk)
        rows.exclude(by__in={person for decision in given for person in decision.people}).delete()
    request.approvals_given, request.approvals_needed = len(given), _needed(plan)


def take_back(request: FundRequest, *, by: Membership, at: datetime) -> bool:
    """Take this person's own last word back, if there is an approval; see `prm.approvals.services.undo`."""
    approval = queries.latest_of(request)
    if approval is None or approval.status == Approval.Status.RECALLED:
        return False
    services.undo(approval, by=by, at=at)
    return True


def _plan(request: FundRequest, taken: CourseTaken | None, amount: Decimal) -> Plan:
    keys, body = (taken.effects.get("steps", ()), taken.policy.body) if taken else ((), {})
    owner = str(request.partner.channel_manager_id or "")
    terms, about = fund_terms.pinned(request.policy), Facts(Money(amount, request.currency), owner)
    with override(VendorProfile.objects.values_list("language", flat=True).get()):
        names = (_("First approval"), _("Second approval, by somebody else"), _("Approval by finance"))
    return steps.plan_for(body, keys, terms, about, names)


def _needed(plan: Plan) -> int:
    return sum(len(plan.seats(step)) if step.need is None else step.need for step in plan.steps)
