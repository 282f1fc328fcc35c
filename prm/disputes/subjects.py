"""Which decisions can be appealed. Each app declares its own, and what overturning one does.

subjects.declare("deals.registration", decision=…, overturn=appeals.overturn, …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse

from prm.accounts.models import Membership, User
from prm.accounts.permissions import Permission
from prm.disputes.terms import Appeals
from prm.tenancy.middleware import URLCONF
from prm.tenancy.models import TenantModel

Subject = Any


@dataclass(frozen=True)
class Decision:
    """A decision that went against somebody: when, by whom (nobody for rules), and why."""

    at: datetime
    by_id: UUID | None
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Declared:
    """A kind of record: who sees it and may appeal, what was decided against them, and how that is overturned.

    `overturn` does through the record's own service what the decision would have done; it may refuse.
    """

    label: Any
    visible: Callable[[Membership], QuerySet]
    appealed_by: Permission
    page: str
    title: Callable[[Subject], str]
    decision: Callable[[Subject], Decision | None]
    appeals: Callable[[Subject], Appeals]
    overturn: Callable[..., object]
    reasons: str  # the area of the reasons for such decisions
    timeline: Callable[[Subject, Membership], list[dict[str, Any]]]
    of_firm: Callable[[Subject], Iterable[User]]

    def path(self, subject: Subject) -> str:
        """Return where the record is, inside a portal."""
        return f"{reverse(self.page, urlconf=URLCONF, args=[subject.pk])}#dispute"


SUBJECTS: dict[str, Declared] = {}


def declare(model: str, **facts: Any) -> None:
    """Let decisions about records of a model, such as `deals.registration`, be appealed."""
    SUBJECTS[model] = Declared(**facts)


def of(subject: TenantModel) -> Declared:
    """Return what was declared of a record."""
    return SUBJECTS[subject._meta.label_lower]


def find(subject_type: str, pk: UUID, member: Membership) -> TenantModel | None:
    """Return a record if the member may see it; a kind of record nobody declared is never found."""
    declared = SUBJECTS.get(subject_type)
    return declared.visible(member).filter(pk=pk).first() if declared else None


def load(subject_type: str, pk: UUID) -> TenantModel:
    """Return a record, whoever asks; for services and handlers."""
    model: type[TenantModel] = apps.get_model(subject_type)  # type: ignore[assignment]
    return model.objects.get(pk=pk)
