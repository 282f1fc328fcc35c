"""A task of a checklist as a step: its words, how it stands, and where it is done."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partners import permissions
from partners.enums import Checker, TaskKind, TaskStatus
from partners.models import ChecklistTask
from prm.accounts import actions
from prm.accounts.models import Membership

PLACES: dict[str, tuple[str, Any]] = {
    TaskKind.AGREEMENT: ("partners:agreements", permissions.can_sign),
    TaskKind.BANK: ("partners:bank", permissions.can_enter_bank),
    TaskKind.COLLEAGUE: ("people", actions.MANAGE_PEOPLE),
    TaskKind.PROFILE: ("partners:profile", permissions.can_edit_profile),
    TaskKind.TRAINING: ("partners:certificates", permissions.can_add_certificates),
    TaskKind.REGISTRATION: ("deals:registrations", permissions.can_see_company),
}


def step(task: ChecklistTask, member: Membership) -> dict[str, Any]:
    """Return a task for the list of steps, with where this person does something about it."""
    return {
        "task": task,
        "title": str(task),
        "detail": _detail(task),
        "url": _url(task, member),
        "done": task.is_done,
        "current": task.status == TaskStatus.RETURNED,
    }


def _url(task: ChecklistTask, member: Membership) -> str:
    """Return where it is done: elsewhere in the portal, or on its own page."""
    place = PLACES.get(task.kind)
    if member.is_partner and place and task.is_open and member.has(place[1]):
        return reverse(place[0])
    return reverse("partners:onboarding-task", args=[task.pk])


def _detail(task: ChecklistTask) -> str:
    match task.status:
        case TaskStatus.RETURNED | TaskStatus.SKIPPED:
            return task.note
        case TaskStatus.SUBMITTED:
            return CHECKING[Checker(task.checked_by)]()
        case TaskStatus.ACCEPTED:
            return ""
    return EXPLAINED[TaskKind(task.kind)]() if task.is_required else _("Not required to start.")


CHECKING = {
    Checker.NOBODY: lambda: "",
    Checker.CHANNEL_MANAGER: lambda: _("The channel manager checks it."),
    Checker.FINANCE: lambda: _("Finance checks it."),
    Checker.ADMIN: lambda: _("An administrator checks it."),
}
EXPLAINED = {
    TaskKind.AGREEMENT: lambda: _("Read it in full and sign for your company."),
    TaskKind.PROFILE: lambda: _("Address, phone, what you do and where."),
    TaskKind.BANK: lambda: _("So that claims can be paid. Only finance sees the number."),
    TaskKind.REGISTER_EXTRACT: lambda: _("Not older than six months."),
    TaskKind.INSURANCE: lambda: _("With the sum insured and the period."),
    TaskKind.DOCUMENT: lambda: "",
    TaskKind.COLLEAGUE: lambda: _("Done when a second person of your company has joined."),
    TaskKind.TRAINING: lambda: _("Done when the first certificate is confirmed."),
    TaskKind.REGISTRATION: lambda: _("Done when your first registration is submitted."),
    TaskKind.OTHER: lambda: "",
}
