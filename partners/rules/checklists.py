"""What a checklist asks of a new partner, by its type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from partners.enums import Checker, PartnerType, TaskKind, TaskStatus

AUTOMATIC = frozenset(
    {TaskKind.AGREEMENT, TaskKind.PROFILE, TaskKind.COLLEAGUE, TaskKind.TRAINING, TaskKind.REGISTRATION}
)
WITH_FILES = frozenset({TaskKind.REGISTER_EXTRACT, TaskKind.INSURANCE, TaskKind.DOCUMENT})
DONE = frozenset({TaskStatus.ACCEPTED, TaskStatus.SKIPPED})


@dataclass(frozen=True)
class PlannedTask:
    """A task as the vendor plans it; without a label of its own it is called what its kind is called."""

    kind: TaskKind
    label: str = ""
    is_required: bool = True
    checked_by: Checker = Checker.NOBODY

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> PlannedTask:
        kind = TaskKind(body["kind"])
        return cls(kind, body.get("label", ""), body.get("is_required", True), Checker(body["checked_by"]))

    @property
    def body(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "label": self.label,
            "is_required": self.is_required,
            "checked_by": self.checked_by.value,
        }


@dataclass(frozen=True)
class Standing:
    """What decides about the end of a checklist."""

    status: TaskStatus
    is_required: bool


def is_complete(tasks: Iterable[Standing]) -> bool:
    """Say whether everything that is required is done."""
    return all(task.status in DONE for task in tasks if task.is_required)


def defaults(partner_type: PartnerType) -> tuple[PlannedTask, ...]:
    """Return what a vendor asks of a type of partner until it says otherwise."""
    tasks = [PlannedTask(TaskKind.AGREEMENT), PlannedTask(TaskKind.PROFILE)]
    if partner_type == PartnerType.REFERRAL:
        return (*tasks, PlannedTask(TaskKind.BANK, checked_by=Checker.FINANCE))
    tasks.append(PlannedTask(TaskKind.REGISTER_EXTRACT, checked_by=Checker.CHANNEL_MANAGER))
    if partner_type in (PartnerType.SYSTEM_INTEGRATOR, PartnerType.MSP, PartnerType.OEM, PartnerType.DISTRIBUTOR):
        tasks.append(PlannedTask(TaskKind.INSURANCE, checked_by=Checker.CHANNEL_MANAGER))
    tasks += [PlannedTask(TaskKind.BANK, checked_by=Checker.FINANCE), PlannedTask(TaskKind.COLLEAGUE)]
    if partner_type != PartnerType.SALES_AGENT:
        tasks.append(PlannedTask(TaskKind.TRAINING, is_required=False))
    return (*tasks, PlannedTask(TaskKind.REGISTRATION, is_required=False))
