"""Asking for agreement, agreeing, refusing, taking back, and what becomes of it when what was agreed to changes.

A record's own service calls these in its transaction and moves the record by what they return.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.apps import apps

from prm.accounts.models import Membership
from prm.approvals import people, queries
from prm.approvals.events import (
    ApprovalEscalated,
    ApprovalGiven,
    ApprovalRecalled,
    ApprovalStarted,
    ApprovalTouched,
    ApprovalUndone,
)
from prm.approvals.models import Approval, ApprovalDecision, ApprovalPlace
from prm.approvals.plans import Hindrance, Outcome, Plan, Standing
from prm.approvals.steps import Asked, Means
from prm.events import outbox
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.models import TenantModel

Status = Approval.Status


class NotYourTurn(DomainError):
    """Somebody else has to decide, or nobody any more; `hindrance` says which."""


class DecisionStands(DomainError):
    """A decision cannot be taken back: it is another's, its time is over, or something happened since."""


@service
def start(subject: TenantModel, plan: Plan, *, requested_by: Membership | None, at: datetime) -> Approval:
    """Ask those whom the first stage of a plan names; a plan without steps is approved at once.

    There is no other approval of the record that waits or was given, or the database refuses. A partner may start
    one without learning who is asked.
    """
    with seeing_all_partners():
        approval = Approval(
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            plan=plan.body(),
            requested_by_id=requested_by.user_id if requested_by else None,
            requested_at=at,
        )
        approval.save(force_insert=True)
        asked = _settle(approval, at)
        if asked:
            fact = ApprovalStarted(approval.pk, asked)
            record(fact, on=subject, by=requested_by, at=at, is_internal=True)
    return approval


@service
def approve(approval: Approval, *, by: Membership, at: datetime, step: str = "", note: str = "") -> Approval:
    """Agree to the named step, or to the first that waits for this person. The returned status says what it comes to.

    Nothing is recorded of the last agreement: that the record is approved is for its own service to say.
    Raises `NotYourTurn`.
    """
    approval = Approval.objects.locked(approval.pk)
    decision = _decide(approval, step, by=by, at=at, is_approval=True, note=note)
    asked = _settle(approval, at)
    if approval.status == Status.WAITING:
        name = queries.standing_of(approval).plan.step[decision.step].name
        behalf = decision.on_behalf.name if decision.on_behalf else ""
        fact = ApprovalGiven(approval.pk, asked, step_name=name, note=note, on_behalf=behalf)
        record(fact, on=subject_of(approval), by=by, at=at, is_internal=True)
    return approval


@service
def reject(
    approval: Approval, *, reason_code: str, note: str, by: Membership, at: datetime, step: str = ""
) -> Approval:
    """Refuse a step, which ends the approval. Raises `NotYourTurn`."""
    approval = Approval.objects.locked(approval.pk)
    _decide(approval, step, by=by, at=at, is_approval=False, note=note, reason_code=reason_code)
    _settle(approval, at)
    return approval


@service
def undo(approval: Approval, *, by: Membership, at: datetime) -> Approval:
    """Take one's own decision back while nobody was told of it and nothing followed it. Raises `DecisionStands`.

    Whoever takes back the last decision of all withdraws what their own service recorded of it, and says so itself.
    """
    approval = Approval.objects.locked(approval.pk)
    last = approval.decisions.order_by("-at", "-id").first()
    if last is None or last.by_id != by.user_id or last.is_stale or at > last.at + outbox.UNDO_TIME:
        raise DecisionStands(approval=approval)
    if approval.status == Status.RECALLED or not _withdraw_told(approval, last):
        raise DecisionStands(approval=approval)
    was_over = approval.status != Status.WAITING
    approval.asked, approval.late = last.before["asked"], last.before["late"]
    last.delete()
    _settle(approval, at)
    if not was_over:
        name = queries.plan_of(approval).step[last.step].name
        record(ApprovalUndone(approval.pk, name), on=subject_of(approval), by=by, at=at, is_internal=True)
    return approval


@service
def recall(subject: TenantModel, *, by: Membership | None, at: datetime) -> None:
    """End the approval of a record that asks for none any more; without one, nothing happens."""
    with seeing_all_partners():
        approval = _current(subject)
        if approval is None:
            return
        approval.status, approval.closed_at = Status.RECALLED, at
        approval.asked, approval.next_late_at = {}, None
        approval.save()
        approval.places.all().delete()
        record(ApprovalRecalled(approval.pk), on=subject, by=by, at=at, is_internal=True)


@service
def reopen(subject: TenantModel, *, by: Membership, at: datetime) -> None:
    """Ask again from where the last approval was recalled; without one, nothing happens."""
    approval = queries.latest_of(subject)
    if approval is None or approval.status != Status.RECALLED:
        return
    approval = Approval.objects.locked(approval.pk)
    asked = _settle(approval, at)
    if asked:
        record(ApprovalStarted(approval.pk, asked), on=subject, by=by, at=at, is_internal=True)


@service
def amend(
    subject: TenantModel, plan: Plan, *, facts: Collection[str], by: Membership | None, at: datetime
) -> Approval | None:
    """Follow a change of these facts of a record by the plan it needs now: only what they touch is asked again.

    Returns the approval, which may wait again after it was given; nothing if the record has none. One that waits goes
    on waiting: only an agreement gives it, so that the record's own service always learns of it.
    """
    with seeing_all_partners():
        approval = _current(subject)
        if approval is None:
            return None
        before = queries.standing_of(approval)
        after = before.touched(facts, plan)
        stale = _keep(approval, after)
        approval.plan, approval.closed_at = after.plan.body(), None
        again = [key for key in approval.asked if key not in stale]
        approval.asked = {key: approval.asked[key] for key in again}
        approval.late = [key for key in approval.late if key in again]
        asked = _settle(approval, at)
        if asked or stale:
            fact = ApprovalTouched(approval.pk, asked, stale=tuple(sorted(stale)))
            record(fact, on=subject, by=by, at=at, is_internal=True)
    return approval


@service
def pause(subject: TenantModel, *, at: datetime) -> None:
    """Let the time of steps stand still while the other side has to answer; doing so again changes nothing."""
    with seeing_all_partners():
        approval = _current(subject)
        if approval is not None and not _is_paused(approval):
            approval.pauses = [*approval.pauses, [at.isoformat(), None]]
            _set_next_late(approval, at)
            approval.save()


@service
def resume(subject: TenantModel, *, at: datetime) -> None:
    """Let the time of steps run on."""
    with seeing_all_partners():
        approval = _current(subject)
        if approval is not None and _is_paused(approval):
            approval.pauses = [*approval.pauses[:-1], [approval.pauses[-1][0], at.isoformat()]]
            _set_next_late(approval, at)
            approval.save()


@service
def escalate(approval: Approval, *, at: datetime) -> tuple[str, ...]:
    """Let the next people decide too where time is over, and return the steps; doing so again changes nothing."""
    approval = Approval.objects.locked(approval.pk)
    if approval.status != Status.WAITING:
        return ()
    standing = queries.standing_of(approval)
    due = [step for step in standing.waiting if (until := queries.late_at(approval, step, now=at)) and until <= at]
    over = tuple(step.key for step in due if step.key not in approval.late)
    approval.late = [*approval.late, *over]
    _settle(approval, at)
    if over:
        names = tuple(step.name for step in due if step.key in over)
        fact = ApprovalEscalated(approval.pk, over, step_names=names)
        record(fact, on=subject_of(approval), by=None, at=at, is_internal=True)
    return over


def subject_of(approval: Approval) -> Any:
    """Return the record that an approval is about."""
    return apps.get_model(approval.subject_type).objects.get(pk=approval.subject_id)


def _decide(
    approval: Approval,
    step: str,
    *,
    by: Membership,
    at: datetime,
    is_approval: bool,
    note: str,
    reason_code: str = "",
) -> ApprovalDecision:
    if approval.status != Status.WAITING:  # one that was recalled would still stand as if it waited
        raise NotYourTurn(hindrance=Hindrance.OVER, step=step)
    staff = people.staff(at)
    turn = staff.turn(queries.standing_of(approval), by, step=step)
    if isinstance(turn, Hindrance):
        raise NotYourTurn(hindrance=turn, step=step)
    decision = ApprovalDecision(
        approval=approval,
        step=turn.step.key,
        by_id=by.user_id,
        on_behalf=staff.by_user[turn.on_behalf].user if turn.on_behalf else None,
        role=by.role,
        places=list(turn.places),
        is_approval=is_approval,
        reason_code=reason_code,
        note=note,
        at=at,
        took=queries.time_taken(approval, turn.step, until=at),
        before={"asked": approval.asked, "late": approval.late},
    )
    decision.save(force_insert=True)
    return decision


def _settle(approval: Approval, at: datetime) -> tuple[str, ...]:
    """Save what its decisions come to and whom it asks now; return the steps that were not asked before."""
    standing = queries.standing_of(approval)
    approval.status = Status(standing.outcome.value)
    is_over = standing.outcome != Outcome.WAITING
    waiting = () if is_over else standing.waiting
    new = tuple(step.key for step in waiting if step.key not in approval.asked)
    approval.asked = {step.key: approval.asked.get(step.key, at.isoformat()) for step in waiting}
    approval.closed_at = at if is_over else None
    _set_next_late(approval, at)
    approval.save()
    _seat(approval, standing, at)
    return new


def _seat(approval: Approval, standing: Standing, at: datetime) -> None:
    """Write down whom the steps that wait ask, for everybody's own list."""
    approval.places.all().delete()
    if approval.status != Status.WAITING:
        return
    staff, rows = people.staff(at), {}
    for step in standing.waiting:
        asked = [*standing.plan.seats(step), *(step.then if step.key in standing.late else ())]
        for one in asked:
            rows.update(_place(approval, step.key, one, standing.plan.facts.owner))
        if not any(member.role != "admin" for member in staff.able(standing, step)):
            rows.update(_place(approval, step.key, Asked(Means.ROLE, "admin"), ""))
    ApprovalPlace.objects.bulk_create(rows.values())


def _place(approval: Approval, step: str, asked: Asked, owner: str) -> dict[Any, ApprovalPlace]:
    role = asked.name if asked.means == Means.ROLE else ""
    user = "" if role else (owner if asked.means == Means.OWNER else asked.name)
    if not role and not user:
        return {}
    return {(step, role, user): ApprovalPlace(approval=approval, step=step, role=role, user_id=user or None)}


def _keep(approval: Approval, after: Standing) -> set[str]:
    """Store which decisions no longer count, and return their steps."""
    stale = set()
    for row, decision in zip(queries.decisions_of(approval), after.decisions, strict=True):
        if decision.is_stale and not row.is_stale:
            stale.add(row.step)
        if (row.is_stale, row.places) != (decision.is_stale, list(decision.places)):
            row.is_stale, row.places = decision.is_stale, list(decision.places)
            row.save(update_fields=["is_stale", "places"])
    return stale


def _set_next_late(approval: Approval, at: datetime) -> None:
    steps = [step for step in queries.plan_of(approval).steps if step.key in approval.asked]
    ends = [queries.late_at(approval, step, now=at) for step in steps if step.key not in approval.late]
    approval.next_late_at = min((end for end in ends if end), default=None)


def _withdraw_told(approval: Approval, decision: ApprovalDecision) -> bool:
    """Stop what was recorded of a decision that others still had to follow; the last one left nothing here."""
    told = Event.objects.filter(
        subject_id=approval.subject_id,
        name=ApprovalGiven.name,
        by_id=decision.by_id,
        at=decision.at,
        payload__approval_id=str(approval.pk),
    ).first()
    return told is None or outbox.withdraw(told.pk)


def _current(subject: TenantModel) -> Approval | None:
    """Return the approval of a record that waits or was given, locked."""
    rows = Approval.objects.select_for_update(of=("self",))
    return rows.filter(subject_id=subject.pk, status__in=[Status.WAITING, Status.APPROVED]).first()


def _is_paused(approval: Approval) -> bool:
    return bool(approval.pauses) and approval.pauses[-1][1] is None
