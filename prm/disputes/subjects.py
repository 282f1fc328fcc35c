"""Which decisions can be appealed. Each app declares its own, and what overturning one does.

subjects.declare("deals.registration", decision=…, overturn=appeals.overturn, …)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
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
from prm.money import Money
from prm.tenancy.middleware import URLCONF
from prm.tenancy.models import TenantModel

Subject = Any


@dataclass(frozen=True)
class Decision:
    """A decision that went against somebody: when, by whom (nobody for rules), and why."""

    kind: str
    at: datetime
    by_id: UUID | None
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of decision: what it says, and the area of the reasons for it."""

    label: Any
    reasons: str


@dataclass(frozen=True)
class Room:
    """What overturning can give: more than was given so far, and at most what was asked."""

    given: Money
    asked: Money


def nobody(subjects: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Say that nobody had a part in decisions but those who are known anyhow."""
    return ()


def no_room(subject: Subject) -> Room | None:
    """Say that overturning gives all or nothing."""
    return None


@dataclass(frozen=True)
class Declared:
    """A kind of record: who sees it and may appeal, what was decided against them, and how that is overturned.

    `overturn` does through the record's own service what the decision would have done; it may refuse. Where there is
    `room`, it gets an amount. `took_part` says who else had a part in decisions about such records, as pairs of record
    and person. Without `appealed_by` nobody with a login appeals; `firm` says whose record it is, and `opened_by` who
    may open its page, if not everybody who sees it. `was_decided` is a quick look before `decision` is
    asked. What happens is told in the timeline of `told_on`, whose page it is; `own_page` is that of those whose record
    it is, where it is another one and has no id.
    """

    label: Any
    visible: Callable[[Membership], QuerySet]
    appealed_by: Permission | None
    page: str
    title: Callable[[Subject], str]
    kinds: Mapping[str, Kind]
    decision: Callable[[Subject], Decision | None]
    appeals: Callable[[Subject], Appeals]
    overturn: Callable[..., object]
    timeline: Callable[[Subject, Membership], list[dict[str, Any]]]
    of_firm: Callable[[Subject], Iterable[User]]
    firm: Callable[[Subject], str]
    took_part: Callable[[Collection[UUID]], Iterable[tuple[UUID, UUID]]] = nobody
    room: Callable[[Subject], Room | None] = no_room
    opened_by: Permission | None = None
    own_page: str = ""
    was_decided: Callable[[Subject], bool] = lambda subject: subject.decided_at is not None
    told_on: Callable[[Subject], TenantModel] = lambda subject: subject

    def path(self, subject: Subject, member: Membership) -> str:
        """Return where the record is for somebody, inside a portal."""
        if self.own_page and member.is_partner:
            return f"{reverse(self.own_page, urlconf=URLCONF)}#dispute"
        return f"{reverse(self.page, urlconf=URLCONF, args=[self.told_on(subject).pk])}#dispute"


SUBJECTS: dict[str, Declared] = {}


def declare(model: str, **facts: Any) -> None:
    """Let decisions about records of a model, such as `deals.registration`, be appealed."""
    SUBJECTS[model] = Declared(**facts)


def may_appeal(subject: TenantModel, member: Membership) -> bool:
    """Say whether a record is of the member's own firm, for which it may appeal."""
    declared = of(subject)
    is_own = member.is_partner and getattr(subject, "partner_id", None) == member.partner_id
    return is_own and declared.appealed_by is not None and member.has(declared.appealed_by)


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
