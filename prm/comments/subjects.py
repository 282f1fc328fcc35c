"""Which records people write on, who sees those, and whom it concerns. Each app declares its own.

subjects.declare("deals.registration", visible=Registration.objects.visible_to, seen_by=permissions.can_see, …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse

from prm.accounts.models import Membership, User
from prm.accounts.permissions import Permission
from prm.tenancy.middleware import URLCONF
from prm.tenancy.models import TenantModel

Subject = Any


@dataclass(frozen=True)
class Declared:
    """A kind of record: who sees which of them, who may write, its page, and who is told on either side."""

    visible: Callable[[Membership], QuerySet]
    seen_by: Permission
    written_by: Permission
    page: str
    title: Callable[[Subject], str]
    of_vendor: Callable[[Subject], Iterable[User]]
    of_firm: Callable[[Subject], Iterable[User]] = lambda subject: ()
    looked_after_by: Callable[[Subject], UUID | None] = lambda subject: None  # whose name partners know
    is_vendors: bool = False  # partners have no part in it: all that is written is internal

    def path(self, subject: Subject) -> str:
        """Return where its timeline is, inside a portal."""
        return f"{reverse(self.page, urlconf=URLCONF, args=[subject.pk])}#timeline"


SUBJECTS: dict[str, Declared] = {}


def declare(model: str, **facts: Any) -> None:
    """Let people write on records of a model, such as `deals.registration`."""
    SUBJECTS[model] = Declared(**facts)


def of(subject: TenantModel) -> Declared:
    """Return what was declared of a record."""
    return SUBJECTS[subject._meta.label_lower]


def find(subject_type: str, pk: UUID, member: Membership) -> TenantModel | None:
    """Return a record if the member may see it; a kind of record nobody declared is never found."""
    declared = SUBJECTS.get(subject_type)
    if declared is None or not member.has(declared.seen_by):
        return None
    return declared.visible(member).filter(pk=pk).first()


def sees(member: Membership, subject: TenantModel) -> bool:
    """Say whether somebody may see a record."""
    return find(subject._meta.label_lower, subject.pk, member) is not None


def load(subject_type: str, pk: UUID) -> TenantModel:
    """Return a record, whoever asks; for handlers."""
    model: type[TenantModel] = apps.get_model(subject_type)  # type: ignore[assignment]
    return model.objects.get(pk=pk)
