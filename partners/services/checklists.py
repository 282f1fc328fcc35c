"""What the vendor plans for new partners, by type and tier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from partners.enums import Checker, PartnerType, TaskKind
from partners.events import ChecklistPlanned
from partners.models import ChecklistTemplate, Tier
from partners.rules import checklists
from partners.rules.checklists import PlannedTask
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class PlanChanged(DomainError):
    """Somebody saved the plan after this page was opened."""


class PlanNotPossible(DomainError):
    """Two tasks ask for the same thing, one without words of its own needs them, or nobody can check one."""


@service
def plan(
    partner_type: PartnerType,
    tasks: Sequence[PlannedTask],
    *,
    tier: Tier | None = None,
    seen: int,
    by: Membership,
    at: datetime,
) -> ChecklistTemplate:
    """Save what partners of a type are asked from now on; checklists that are open stay as they are.

    `seen` is the revision the person started from, 0 for the usual tasks. Raises `PlanChanged`, `PlanNotPossible`.
    """
    _refuse_impossible(tasks)
    template = ChecklistTemplate.objects.select_for_update(of=("self",)).filter(partner_type=partner_type, tier=tier)
    row = template.first()
    if (row.revision if row else 0) != seen:
        raise PlanChanged()
    row = row or ChecklistTemplate(partner_type=partner_type, tier=tier, revision=0)
    row.tasks = [task.body for task in tasks]
    row.revision, row.saved_by_id, row.saved_at = row.revision + 1, by.user_id, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # somebody else planned this type for the first time at the same moment
        raise PlanChanged() from error
    record(ChecklistPlanned(template_id=row.pk, partner_type=partner_type, tasks=len(row.tasks)), on=row, by=by, at=at)
    return row


def _refuse_impossible(tasks: Sequence[PlannedTask]) -> None:
    own = (TaskKind.DOCUMENT, TaskKind.OTHER)
    once = [task.kind for task in tasks if task.kind not in own]
    if len(once) != len(set(once)):
        raise PlanNotPossible(reason="twice")
    if any(not task.label for task in tasks if task.kind in own):
        raise PlanNotPossible(reason="no_label")
    if any(task.kind == TaskKind.BANK and task.checked_by != Checker.FINANCE for task in tasks):
        raise PlanNotPossible(reason="bank")
    if any(task.kind == TaskKind.REGISTRATION and task.is_required for task in tasks):
        raise PlanNotPossible(reason="registration")
    if any(task.kind in checklists.AUTOMATIC and task.checked_by != Checker.NOBODY for task in tasks):
        raise PlanNotPossible(reason="automatic")
