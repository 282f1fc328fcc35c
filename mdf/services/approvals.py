"""Passing approval steps: the last of those asked approves a request or a claim, and any of them refuses it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import override

from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import ApprovalStep, Claim, FundRequest
from mdf.queries import approvals as given
from mdf.queries import claim_facts, claims, facts
from mdf.queries import terms as fund_terms
from mdf.rules import steps
from mdf.rules.catalogue import AREA, CLAIM
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.approvals import queries, services
from prm.approvals.models import Approval
from prm.approvals.plans import Hindrance, Plan
from prm.approvals.services import NotYourTurn
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.services import CHANGED
from prm.events.service import service
from prm.policies import courses, following
from prm.policies.courses import Deemed
from prm.policies.models import CourseTaken, PolicyVersion
from prm.tenancy.context import seeing_all_partners

Subject = FundRequest | Claim


def judge(subject: Subject, *, at: datetime, version: PolicyVersion | None = None) -> CourseTaken | None:
    """Follow the rules of the version that it is decided under; nothing for a vendor without any."""
    area = CLAIM if isinstance(subject, Claim) else AREA
    if version is None:
        version = following.in_force(area, fund_terms.today_of_vendor(subject.submitted_at or at))
    if version is None:
        return None
    if isinstance(subject, Claim):
        with seeing_all_partners():  # also what another partner claimed for makes it one for a person
            known = claims.known(subject, at)
        return following.follow(
            subject,
            version,
            lambda asked: claim_facts.facts_of(subject, at=at, asked=asked, known=known),
            at=at,
            is_contested=claim_facts.is_contested(known),
        )
    available = facts.available_to(subject)
    return following.follow(
        subject,
        version,
        lambda asked: facts.facts_of(subject, at=at, asked=asked),
        at=at,
        is_contested=available is not None and available < subject.asked_amount,
    )


def deemed_by(taken: CourseTaken | None) -> Deemed:
    """Return what silence counts as under what the rules made of a record; nothing without any."""
    return courses.deemed_in(taken.effects, taken.because) if taken else Deemed.NONE


def stands_in_the_way(subject: Subject, taken: CourseTaken | None) -> bool:
    """Say whether silence may not approve.

    Others have to agree, or one of them has, or the rules could not tell, or the partner is not active any more.
    """
    is_asked = queries.current_of(subject) is not None or ApprovalStep.objects.filter(subject_id=subject.pk).exists()
    return is_asked or deemed_by(taken) != Deemed.APPROVED or not subject.partner.is_active


def begin(subject: Subject, taken: CourseTaken | None, *, by: Membership | None, at: datetime) -> None:
    """Ask those whom the rules name, or as many as the terms ask for. The caller saves the row."""
    plan = _plan(subject, taken, subject.asked_amount)
    subject.approvals_given, subject.approvals_needed = 0, _needed(plan)
    if not steps.is_plain(plan):
        services.start(subject, plan, requested_by=by, at=at)


def agree(subject: Subject, total: Decimal, *, by: Membership, at: datetime, note: str) -> bool:
    """Agree to an amount as this person's step, and say whether nobody else has to. Raises `NotYourTurn`."""
    if by.user_id in owners_of(subject):
        raise NotYourTurn(hindrance=Hindrance.OWN, step="")
    plan = _plan(subject, following.latest(subject), total)
    approval = queries.current_of(subject)
    if approval is None and steps.is_plain(plan):
        if by.role == Role.FINANCE:
            raise NotYourTurn(hindrance=Hindrance.NOT_ASKED, step="")
        subject.approvals_given = subject.approvals_needed = 1
        return True
    if approval is None:
        approval = services.start(subject, plan, requested_by=None, at=at)
    standing = queries.standing_of(approval)
    if standing.plan.facts.amount != plan.facts.amount:
        approval = services.amend(subject, plan, facts=(), by=by, at=at) or approval
    approval = services.approve(approval, by=by, at=at, note=note)
    standing = queries.standing_of(approval)
    subject.approvals_given, subject.approvals_needed = len(standing.valid), _needed(standing.plan)
    return approval.status == Approval.Status.APPROVED


def refuse(subject: Subject, *, reason_code: str, note: str, by: Membership, at: datetime) -> None:
    """Refuse the step that waits for this person, which ends it for all. Raises `NotYourTurn`."""
    if approval := queries.current_of(subject):
        services.reject(approval, reason_code=reason_code, note=note, by=by, at=at)


def follow_change(subject: Subject, changed: Collection[str], *, by: Membership, at: datetime) -> None:
    """Judge again what changed; only those whom it touches are asked again, and those whom the rules name since."""
    before = following.latest(subject)
    taken = judge(subject, at=at, version=before.policy) if before else None
    subject.deemed = deemed_by(taken)
    plan = _plan(subject, taken, subject.asked_amount)
    approval = services.amend(subject, plan, facts=frozenset(changed), by=by, at=at)
    if approval is None and not steps.is_plain(plan):
        approval = services.start(subject, plan, requested_by=by, at=at)
    with seeing_all_partners():  # what partners don't see is the platform's to forget
        standing = queries.standing_of(approval) if approval else None
        given = standing.valid if standing else ()
        rows = ApprovalStep.objects.filter(subject_id=subject.pk)
        rows.exclude(by__in={person for decision in given for person in decision.people}).delete()
    subject.approvals_given, subject.approvals_needed = len(given), _needed(standing.plan if standing else plan)


def leave_late_to_person(subject: Subject, at: datetime) -> None:
    """Let no silence count that was over before the rules were followed: nobody has read what changed."""
    if subject.is_waiting and subject.decide_by and subject.decide_by <= at:
        subject.deemed = Deemed.NONE


@service
def follow_values(subject: Subject, before: Mapping[str, Any], *, by: Membership, at: datetime) -> None:
    """Judge again while nobody has decided, if the vendor filled in what the rules or a step look at."""
    if not subject.is_waiting and subject.status not in (RequestStatus.INFO_REQUESTED, ClaimStatus.INFO_REQUESTED):
        return
    taken = following.latest(subject)
    rules = following.rules_in(taken.policy) if taken else None
    kind = KINDS[CLAIM if isinstance(subject, Claim) else AREA]
    is_asked = custom_fields.differs(kind, subject, before, courses.asked(rules) if rules else frozenset(), at)
    if is_asked or queries.looks_at(subject, CHANGED):
        follow_change(subject, [CHANGED], by=by, at=at)
        leave_late_to_person(subject, at)
        subject.save()


def take_back(subject: Subject, *, by: Membership, at: datetime) -> bool:
    """Take this person's own last word back, if there is an approval; see `prm.approvals.services.undo`."""
    approval = queries.latest_of(subject)
    if approval is None or approval.status == Approval.Status.RECALLED:
        return False
    services.undo(approval, by=by, at=at)
    return True


def owners_of(subject: Subject) -> set[UUID]:
    """Return whose it is: they decide nothing about it."""
    return {subject.owner_id, subject.request.owner_id} if isinstance(subject, Claim) else {subject.owner_id}


def _plan(subject: Subject, taken: CourseTaken | None, amount: Decimal) -> Plan:
    effects, body = (taken.effects, taken.policy.body) if taken else ({}, {})
    with override(VendorProfile.objects.values_list("language", flat=True).get()):
        return given.plan_for(subject, effects, body, fund_terms.pinned(subject.policy), amount)


def _needed(plan: Plan) -> int:
    return sum(len(plan.seats(step)) if step.need is None else step.need for step in plan.steps)
