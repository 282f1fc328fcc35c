"""A new partner's checklist: opened from the vendor's plan, done task by task, and the partner active at its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from partners.enums import (
    Checker,
    PartnerAction,
    PartnerStatus,
    TaskAction,
    TaskKind,
)
from partners.events import (
    ChecklistCompleted,
    ChecklistOpened,
    PartnerActivated,
    TaskAccepted,
    TaskCompleted,
    TaskReturned,
    TaskSkipped,
    TaskSubmitted,
)
from partners.models import Checklist, ChecklistTask, Partner
from partners.queries import onboarding as queries
from partners.queries.days import today_of_vendor
from partners.rules import checklists, moving, partner_lifecycle
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class TaskMoved(DomainError):
    """The task is no longer in the state that the action needs, or is not what the person looked at."""


class TaskDoesItself(DomainError):
    """Such a task completes itself, or with the bank details; nobody decides it here."""


class NothingHandedIn(DomainError):
    """The task asks for a file or an answer, and there is none."""


@service
def open_checklist(partner: Partner, *, by: Membership | None, at: datetime) -> Checklist:
    """Open what the vendor plans for such a partner; what it did already is done from the start.

    A partner has one open checklist: opening another returns the one it has.
    """
    partner = Partner.objects.locked(partner.pk)
    if existing := Checklist.objects.filter(partner=partner, completed_at__isnull=True).first():
        return existing
    today = today_of_vendor(at)
    planned = queries.planned_for(partner, today)
    checklist = Checklist(
        partner=partner, partner_path=partner.partner_path, opened_by_id=by.user_id if by else None, opened_at=at
    )
    checklist.save(force_insert=True)
    tasks = [
        ChecklistTask(
            checklist=checklist,
            partner=partner,
            partner_path=partner.partner_path,
            position=position,
            kind=task.kind,
            label=task.label,
            is_required=task.is_required,
            checked_by=task.checked_by,
        )
        for position, task in enumerate(planned, 1)
    ]
    ChecklistTask.objects.bulk_create(tasks)
    record(
        ChecklistOpened(checklist_id=checklist.pk, partner_id=partner.pk, tasks=len(tasks)),
        on=partner,
        by=by,
        at=at,
    )
    for task in tasks:
        if task.is_automatic and queries.is_done_already(partner, TaskKind(task.kind), today):
            _complete(task, by=by, at=at)
    _settle(partner, checklist, by=by, at=at)
    return checklist


@service
def submit(
    task: ChecklistTask,
    *,
    answer: str = "",
    by: Membership,
    at: datetime,
    version: int | None = None,
) -> ChecklistTask:
    """Hand a task in; where nobody checks it, it is accepted at once.

    Raises `TaskDoesItself`, `NothingHandedIn` or `TaskMoved`.
    """
    partner = Partner.objects.locked(task.partner_id)
    task = _locked(task, version)
    if task.is_automatic or task.kind == TaskKind.BANK:
        raise TaskDoesItself(task=task)
    if (task.takes_files and not queries.has_files(task)) or (not task.takes_files and not answer):
        raise NothingHandedIn(task=task)
    hand_in(task, answer=answer, by=by, at=at)
    _settle(partner, task.checklist, by=by, at=at)
    return task


def hand_in(task: ChecklistTask, *, answer: str, by: Membership, at: datetime) -> None:
    """Submit a locked task inside another use case, such as entering bank details."""
    _move(task, TaskAction.SUBMIT)
    task.answer, task.submitted_by_id, task.submitted_at = answer, by.user_id, at
    task.note, task.decided_by_id, task.decided_at = "", None, None
    if task.checked_by == Checker.NOBODY:
        _complete(task, by=by, at=at)
        return
    task.save()
    record(TaskSubmitted(**_names(task), checked_by=task.checked_by), on=task, by=by, at=at)


@service
def accept(task: ChecklistTask, *, by: Membership, at: datetime, version: int | None = None) -> ChecklistTask:
    """Accept what was handed in; the last required one makes the partner active.

    Raises `TaskMoved` or `TaskDoesItself`.
    """
    partner = Partner.objects.locked(task.partner_id)
    task = _locked(task, version)
    if task.kind == TaskKind.BANK:
        raise TaskDoesItself(task=task)
    _move(task, TaskAction.ACCEPT)
    _decide(task, by=by, at=at)
    record(TaskAccepted(**_names(task)), on=task, by=by, at=at)
    _settle(partner, task.checklist, by=by, at=at)
    return task


@service
def give_back(
    task: ChecklistTask, *, note: str, by: Membership, at: datetime, version: int | None = None
) -> ChecklistTask:
    """Return what was handed in, with what is missing; raises `TaskMoved`."""
    Partner.objects.locked(task.partner_id)
    task = _locked(task, version)
    if task.kind == TaskKind.BANK:
        raise TaskDoesItself(task=task)
    _move(task, TaskAction.RETURN)
    _decide(task, by=by, at=at, note=note)
    record(TaskReturned(**_names(task), note=note), on=task, by=by, at=at)
    return task


@service
def skip(task: ChecklistTask, *, note: str, by: Membership, at: datetime, version: int | None = None) -> ChecklistTask:
    """Say that a task is not needed of this partner, and why; raises `TaskMoved`."""
    partner = Partner.objects.locked(task.partner_id)
    task = _locked(task, version)
    _move(task, TaskAction.SKIP)
    _decide(task, by=by, at=at, note=note)
    record(TaskSkipped(**_names(task), note=note), on=task, by=by, at=at)
    _settle(partner, task.checklist, by=by, at=at)
    return task


@service
def complete(partner: Partner, kind: TaskKind, *, by: Membership | None, at: datetime) -> int:
    """Note that what tasks of a kind ask for was done; returns how many that completed, and is safe to repeat."""
    partner = Partner.objects.locked(partner.pk)
    tasks = list(queries.undone(partner, kind).select_related("checklist"))
    for task in tasks:
        _complete(task, by=by, at=at)
    for checklist in {task.checklist_id: task.checklist for task in tasks}.values():
        _settle(partner, checklist, by=by, at=at)
    return len(tasks)


def _locked(task: ChecklistTask, version: int | None) -> ChecklistTask:
    task = ChecklistTask.objects.select_related("checklist").locked(task.pk)
    if version is not None and version != task.version:
        raise TaskMoved(task=task)
    return task


def _move(task: ChecklistTask, action: TaskAction) -> None:
    try:
        task.move(action)
    except moving.NotAllowed as error:
        raise TaskMoved(task=task) from error


def _decide(task: ChecklistTask, *, by: Membership, at: datetime, note: str = "") -> None:
    task.note, task.decided_by_id, task.decided_at = note, by.user_id, at
    task.save()


def _complete(task: ChecklistTask, *, by: Membership | None, at: datetime) -> None:
    _move(task, TaskAction.COMPLETE)
    task.decided_at = at
    task.save()
    record(TaskCompleted(**_names(task)), on=task, by=by, at=at)


def _settle(partner: Partner, checklist: Checklist, *, by: Membership | None, at: datetime) -> None:
    """Close the checklist once everything required is done, and make the partner active."""
    checklist = Checklist.objects.locked(checklist.pk)
    tasks = ChecklistTask.objects.filter(checklist=checklist)
    if checklist.completed_at or not checklists.is_complete([task.standing for task in tasks]):
        return
    checklist.completed_at = at
    checklist.save(update_fields=["completed_at"])
    record(ChecklistCompleted(checklist_id=checklist.pk, partner_id=partner.pk), on=partner, by=by, at=at)
    if partner.status == PartnerStatus.ONBOARDING:
        partner.status = moving.after(partner_lifecycle.TABLE, PartnerStatus.ONBOARDING, PartnerAction.ACTIVATE)
        partner.save(update_fields=["status"])
        record(PartnerActivated(partner_id=partner.pk), on=partner, by=by, at=at)


def _names(task: ChecklistTask) -> dict[str, Any]:
    return {"task_id": task.pk, "partner_id": task.partner_id, "kind": task.kind, "task": task.label}
