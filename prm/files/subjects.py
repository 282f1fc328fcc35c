"""Which records have files, and who may open and change those. Each app tells for its records.

@can_open("deals.registration")
def registrations(member: Membership) -> QuerySet:
    return Registration.objects.visible_to(member)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from prm.accounts.models import Membership
from prm.tenancy.models import TenantModel

Visible = Callable[[Membership], QuerySet]
May = Callable[[Any, Membership], bool]
VISIBLE: dict[str, Visible] = {}
CHANGEABLE: dict[str, May] = {}


def can_open(subject_type: str) -> Callable[[Visible], Visible]:
    """Let members open the files of those records that the function returns for them."""

    def register(function: Visible) -> Visible:
        VISIBLE[subject_type] = function
        return function

    return register


def can_change(subject_type: str) -> Callable[[May], May]:
    """Let members add and remove files only while the function says so of record and member."""

    def register(function: May) -> May:
        CHANGEABLE[subject_type] = function
        return function

    return register


def find(subject_type: str, pk: UUID, member: Membership) -> TenantModel | None:
    """Return a record if the member may see it; a kind of record nobody told of is never found."""
    visible = VISIBLE.get(subject_type)
    return visible(member).filter(pk=pk).first() if visible else None


def may_change(subject: TenantModel, member: Membership) -> bool:
    """Say whether the member may add and remove files of a record they see."""
    rule = CHANGEABLE.get(subject._meta.label_lower)
    return rule(subject, member) if rule else True
