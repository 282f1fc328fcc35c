"""What new partners are asked to do, by type and tier, in the file of a vendor's programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import Checker, PartnerType, TaskKind
from partners.models import ChecklistTemplate, Tier
from partners.rules.checklists import PlannedTask
from partners.services import checklists
from prm.policies.shapes import boolean, many, names, text, word
from prm.policies.values import Path
from prm.programme.sections import Taking, section

TASK = {"kind": word(TaskKind.values), "label": text(120), "is_required": boolean, "checked_by": word(Checker.values)}
SHAPE = many(
    names(
        {
            "partner_type": word(PartnerType.values),
            "tier": text(60),
            "tasks": many(names(TASK, ("kind", "checked_by")), 20),
        },
        ("partner_type", "tasks"),
    )
)


def written(on: date) -> list[dict[str, Any]]:
    """Return the plans that differ from the usual ones of their type."""
    rows = ChecklistTemplate.objects.select_related("tier")
    return sorted((_written(row) for row in rows), key=lambda plan: (plan["partner_type"], plan["tier"]))


def _written(row: ChecklistTemplate) -> dict[str, Any]:
    tasks = [task.body for task in row.planned]
    return {"partner_type": row.partner_type, "tier": row.tier.name if row.tier else "", "tasks": tasks}


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Plan what new partners of a type are asked; checklists that are open stay as they are."""
    if not taking.has_shape(SHAPE, wanted, path):
        return
    for number, body in enumerate(wanted):
        _take_one(body, (*path, number), taking)


def _take_one(body: dict[str, Any], path: Path, taking: Taking) -> None:
    name = body.get("tier", "")
    tier = Tier.objects.filter(name=name).order_by("-is_offered", "pk").first() if name else None
    if name and tier is None:
        taking.refuse((*path, "tier"), _("There is no “%(name)s”.") % {"name": name})
        return
    kind, tasks = PartnerType(body["partner_type"]), [PlannedTask.from_body(task) for task in body["tasks"]]
    row = ChecklistTemplate.objects.filter(partner_type=kind, tier=tier).first()
    if row is not None and row.planned == tasks:
        return
    facts: dict[str, Any] = {"tier": tier, "seen": row.revision if row else 0, "by": taking.by, "at": taking.at}
    taking.attempt(path, lambda: checklists.plan(kind, tasks, **facts))


section(
    "checklists",
    gettext_lazy("Checklists of new partners"),
    order=56,
    written=written,
    take=take,
    keys=("partner_type", "tier"),
)
