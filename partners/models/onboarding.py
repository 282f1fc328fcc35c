"""What new partners are asked to do: the vendor's plans by type, and each partner's own checklist."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from partners.enums import Checker, PartnerType, TaskAction, TaskKind, TaskStatus
from partners.models.agreements import PERSON
from partners.models.partners import Partner
from partners.models.programs import Tier
from partners.rules import checklists, moving, task_lifecycle
from partners.rules.checklists import PlannedTask, Standing
from prm.accounts.models import Membership
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import PartnerModel, TenantManager, TenantQuerySet, VendorModel


class ChecklistTemplate(VendorModel):
    """The checklist a type of partner gets, or only those of that type who start in a certain tier."""

    partner_type = models.CharField(max_length=20, choices=PartnerType.choices)
    tier = TenantForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tasks = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(**PERSON, null=True)
    saved_at = models.DateTimeField()

    class Meta(VendorModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partner_type", "tier"], nulls_distinct=False, name="one_checklist_per_type_and_tier"
            )
        ]

    @property
    def planned(self) -> list[PlannedTask]:
        return [PlannedTask.from_body(body) for body in self.tasks]


class ChecklistQuerySet(TenantQuerySet):
    def visible_to(self, member: Membership) -> ChecklistQuerySet:
        """Rows this person may see: a firm's own, and all for the vendor."""
        return self if member.is_vendor else self.filter(partner_id=member.partner_id)


class Checklist(PartnerModel):
    """What one partner was asked to do when it started; later changes of the template do not touch it."""

    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="checklists")
    opened_by = models.ForeignKey(**PERSON, null=True)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(ChecklistQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "partner"], condition=Q(completed_at__isnull=True), name="one_open_checklist"
            )
        ]
        indexes = [models.Index(fields=["tenant", "partner"], name="checklist_of_partner")]


class ChecklistTask(PartnerModel):
    """One thing to do; `note` says why it was returned or is not needed."""

    checklist = TenantForeignKey(Checklist, on_delete=models.CASCADE, related_name="tasks")
    partner = TenantForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    label = models.CharField(max_length=120, blank=True)
    is_required = models.BooleanField(default=True)
    checked_by = models.CharField(max_length=16, choices=Checker.choices, default=Checker.NOBODY)
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    submitted_by = models.ForeignKey(**PERSON, null=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(**PERSON, null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ChecklistQuerySet)()

    class Meta(PartnerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "checklist", "position"], name="tasks_have_an_order"),
            models.CheckConstraint(condition=Q(status__in=TaskStatus.values), name="task_status_is_known"),
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="task_kind_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "status", "submitted_at", "id"], name="task_to_check")]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def is_automatic(self) -> bool:
        """Whether it completes itself when the thing is done."""
        return self.kind in checklists.AUTOMATIC

    @property
    def takes_files(self) -> bool:
        return self.kind in checklists.WITH_FILES

    @property
    def is_done(self) -> bool:
        return self.status in checklists.DONE

    @property
    def is_open(self) -> bool:
        """Whether the partner has something to do."""
        return self.status in (TaskStatus.OPEN, TaskStatus.RETURNED)

    @property
    def standing(self) -> Standing:
        return Standing(TaskStatus(self.status), self.is_required)

    def move(self, action: TaskAction) -> None:
        """Take an action of the table, or raise `NotAllowed`."""
        self.status = moving.after(task_lifecycle.TABLE, TaskStatus(self.status), action)
        self.version += 1
