"""Checklists of new partners: what is planned, what is done, what waits."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from partners.enums import PartnerType, TaskKind
from partners.models import (
    Agreement,
    Certificate,
    Checklist,
    ChecklistTask,
    ChecklistTemplate,
    Partner,
    TierMembership,
)
from partners.queries import agreements
from partners.rules import checklists, task_lifecycle
from partners.rules.checklists import PlannedTask
from prm.accounts.models import Membership
from prm.files.models import File


def planned_for(partner: Partner, on: date) -> list[PlannedTask]:
    """Return the tasks of the vendor's plan that fit a partner: by type and tier, then by type.

    Without any agreement to accept, nobody is asked to accept one.
    """
    standing = TierMembership.objects.on(on).filter(partner=partner).first()
    template = template_for(partner.type, standing.tier_id if standing else None)
    tasks = template.planned if template else list(checklists.defaults(PartnerType(partner.type)))
    if agreements.due(partner, on) or Agreement.objects.filter(partner=partner).exists():
        return tasks
    return [task for task in tasks if task.kind != TaskKind.AGREEMENT]


def template_for(partner_type: str, tier_id: object) -> ChecklistTemplate | None:
    """Return the most fitting template: one for the tier, or the type's own."""
    rows = {row.tier_id: row for row in ChecklistTemplate.objects.filter(partner_type=partner_type)}
    return rows.get(tier_id) or rows.get(None)


def is_done_already(partner: Partner, kind: TaskKind, on: date) -> bool:
    """Say whether what a task asks for was done before anybody asked."""
    match kind:
        case TaskKind.AGREEMENT:
            is_signed = Agreement.objects.filter(partner=partner, status="accepted").exists()
            return is_signed and not agreements.open_of(partner).exists() and not agreements.due(partner, on)
        case TaskKind.COLLEAGUE:
            return Membership.objects.filter(partner_id=partner.pk, status=Membership.Status.ACTIVE).count() > 1
        case TaskKind.TRAINING:
            return Certificate.objects.valid_on(on).filter(partner=partner).exists()
    return False


def undone(partner: Partner, kind: TaskKind) -> QuerySet[ChecklistTask]:
    """Return the tasks of a kind that a partner still has."""
    return ChecklistTask.objects.filter(partner=partner, kind=kind, status__in=task_lifecycle.UNDONE)


def has_files(task: ChecklistTask) -> bool:
    """Say whether a file was handed in that was not refused."""
    files = File.objects.filter(subject_id=task.pk, removed_at__isnull=True)
    return files.exclude(status=File.Status.REFUSED).exists()


def current(partner: Partner) -> Checklist | None:
    """Return the checklist a partner works on."""
    return Checklist.objects.filter(partner=partner, completed_at__isnull=True).first()


def tasks_of(checklist: Checklist) -> list[ChecklistTask]:
    """Return the tasks of a checklist in their order."""
    rows = ChecklistTask.objects.filter(checklist=checklist).select_related("decided_by", "submitted_by")
    return list(rows.order_by("position"))
