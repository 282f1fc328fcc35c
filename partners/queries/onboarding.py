"""Checklists of new partners: what is planned, what is done, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from partners.enums import BankStatus, Checker, PartnerStatus, PartnerType, TaskKind, TaskStatus
from partners.models import (
    Agreement,
    BankAccount,
    Certificate,
    Certification,
    Checklist,
    ChecklistTask,
    ChecklistTemplate,
    Partner,
    Tier,
    TierMembership,
)
from partners.queries import agreements
from partners.rules import checklists, task_lifecycle
from partners.rules.checklists import PlannedTask
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.files.models import File


def planned_for(partner: Partner, on: date) -> list[PlannedTask]:
    """Return the tasks of the vendor's plan that fit a partner: by type and tier, then by type.

    Without any agreement to accept nobody is asked to accept one, and likewise with certifications.
    """
    standing = TierMembership.objects.on(on).filter(partner=partner).first()
    template = template_for(partner.type, standing.tier_id if standing else None)
    tasks = template.planned if template else list(checklists.defaults(PartnerType(partner.type)))
    missing = set()
    if not agreements.due(partner, on) and not Agreement.objects.filter(partner=partner).exists():
        missing.add(TaskKind.AGREEMENT)
    if not Certification.objects.filter(is_active=True).exists():
        missing.add(TaskKind.TRAINING)
    return [task for task in tasks if task.kind not in missing]


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


CHECKS = {
    Role.CHANNEL_MANAGER: (Checker.CHANNEL_MANAGER,),
    Role.FINANCE: (Checker.FINANCE,),
    Role.ADMIN: (Checker.CHANNEL_MANAGER, Checker.FINANCE, Checker.ADMIN),
}
STUCK_DAYS = 7


def to_check(member: Membership) -> QuerySet[ChecklistTask]:
    """Return the tasks that wait for somebody of this person's role, the oldest first; bank details are finance's."""
    rows = ChecklistTask.objects.filter(status=TaskStatus.SUBMITTED, checked_by__in=CHECKS.get(Role(member.role), ()))
    if member.role != Role.FINANCE:
        rows = rows.exclude(kind=TaskKind.BANK)
    return rows.select_related("partner", "submitted_by").order_by("submitted_at", "id")


@dataclass(frozen=True)
class Progress:
    """How far a partner is with its checklist, and since when nothing has moved."""

    checklist: Checklist
    tasks: list[ChecklistTask]
    moved_at: datetime

    @property
    def partner(self) -> Partner:
        return self.checklist.partner

    @property
    def required(self) -> int:
        return sum(task.is_required for task in self.tasks)

    @property
    def done(self) -> int:
        return sum(task.is_required and task.is_done for task in self.tasks)

    @property
    def waits_for_partner(self) -> list[ChecklistTask]:
        return [task for task in self.tasks if task.is_open and task.is_required]

    def is_stuck(self, at: datetime) -> bool:
        """Say whether the partner has had something to do for a week and nothing moved."""
        return bool(self.waits_for_partner) and self.moved_at <= at - timedelta(days=STUCK_DAYS)


def under_way() -> list[Progress]:
    """Return the checklists partners work on, what has not moved longest first; two queries."""
    rows = Checklist.objects.filter(completed_at__isnull=True).select_related("partner", "partner__channel_manager")
    open_ones = {row.pk: row for row in rows.exclude(partner__status=PartnerStatus.TERMINATED)}
    tasks: dict[UUID, list[ChecklistTask]] = {pk: [] for pk in open_ones}
    for task in ChecklistTask.objects.filter(checklist__in=open_ones).order_by("position"):
        tasks[task.checklist_id].append(task)
    found = [Progress(row, tasks[pk], _moved_at(row, tasks[pk])) for pk, row in open_ones.items()]
    return sorted(found, key=lambda progress: progress.moved_at)


def progress_of(checklist: Checklist) -> Progress:
    """Return how far one checklist is."""
    tasks = tasks_of(checklist)
    return Progress(checklist, tasks, _moved_at(checklist, tasks))


def _moved_at(checklist: Checklist, tasks: list[ChecklistTask]) -> datetime:
    moments = [moment for task in tasks for moment in (task.submitted_at, task.decided_at) if moment]
    return max([checklist.opened_at, *moments])


def plans() -> list[tuple[PartnerType, Tier | None, ChecklistTemplate | None, list[PlannedTask]]]:
    """Return what each type of partner is asked, and what those of a type who start in certain tiers are."""
    kept: dict[str, list[ChecklistTemplate]] = {}
    for row in ChecklistTemplate.objects.select_related("tier").order_by("tier__rank"):
        kept.setdefault(row.partner_type, []).append(row)
    found: list[tuple[PartnerType, Tier | None, ChecklistTemplate | None, list[PlannedTask]]] = []
    for type_ in PartnerType:
        own = next((row for row in kept.get(type_, []) if row.tier_id is None), None)
        found.append((type_, None, own, own.planned if own else list(checklists.defaults(type_))))
        found += [(type_, row.tier, row, row.planned) for row in kept.get(type_, []) if row.tier_id]
    return found


def bank_account(partner: Partner) -> BankAccount | None:
    """Return where a partner may be paid to."""
    return BankAccount.objects.filter(partner=partner, status=BankStatus.ACCEPTED).first()


def latest_bank_account(partner: Partner) -> BankAccount | None:
    """Return what was entered last, checked or not."""
    return (
        BankAccount.objects.filter(partner=partner)
        .order_by("-submitted_at", "-id")
        .select_related("decided_by")
        .first()
    )


def latest(partner: Partner) -> Checklist | None:
    """Return the checklist a partner works on, or else the last one it finished."""
    return Checklist.objects.filter(partner=partner).order_by("-opened_at").first()
