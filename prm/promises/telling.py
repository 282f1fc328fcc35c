"""The clock of promised decisions, and telling the vendor's people while there is time, and when there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.events.schedule import every, for_each_row
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.services import notify
from prm.promises import clocks, waiting
from prm.promises.events import PromiseEscalated, PromiseWarned
from prm.promises.waiting import Subject
from prm.tenancy.middleware import URLCONF

WARNED = kind("prm.promise_warned", _("The time promised for a decision is nearly over"), Audience.VENDOR)
ESCALATED = kind("prm.promise_escalated", _("A promised decision is late"), Audience.VENDOR)


@every(minutes=5)
def warn_and_escalate() -> None:
    """Tell people of decisions that are promised and missing."""
    for_each_row(clocks.unread, lambda row, at: clocks.read(row, at=at))
    for_each_row(clocks.nearly_over, lambda clock, at: clocks.tell(clock, at=at))


@handles(PromiseWarned)
def tell_who_decides(event: Event, delivery: Delivery) -> None:
    """Tell those whom approval steps ask, or else those who decide."""
    subject = _subject(event)
    if subject is not None:
        _tell(who_decides(subject, event.at), WARNED, subject, event, delivery)


@handles(PromiseEscalated)
def tell_superiors(event: Event, delivery: Delivery) -> None:
    """Tell those whom the vendor chose, and who decides, unless a step's own time told them."""
    subject = _subject(event)
    if subject is None:
        return
    told = {user.pk: user for user in superiors()}
    if clocks.steps_tell(subject, _due(event)):
        for pk in approvals.who_is_asked(subject, at=event.at):
            told.pop(pk, None)
    else:
        told |= {user.pk: user for user in who_decides(subject, event.at)}
    _tell(told.values(), ESCALATED, subject, event, delivery)


def who_decides(subject: Subject, at: datetime) -> list[User]:
    """Return those whom approval steps ask, or else those who decide about the record."""
    asked = approvals.who_is_asked(subject, at=at)
    if asked:
        return list(User.objects.filter(pk__in=asked).order_by("pk"))
    return list(waiting.DECLARED[subject._meta.label_lower].deciders(subject))


def superiors() -> list[User]:
    """Return those with the role that the vendor chose; its administrators while nobody has it."""
    return _with_role(clocks.telling().escalate_to) or _with_role(Role.ADMIN)


def _with_role(role: str) -> list[User]:
    rows = Membership.objects.filter(partner_id=None, role=role, status=Membership.Status.ACTIVE)
    return [member.user for member in rows.select_related("user").order_by("user_id")]


def _subject(event: Event) -> Subject | None:
    """Return the record while it still waits: whoever decided in between is told nothing."""
    return clocks.waiting_one(event.payload["subject_type"], UUID(event.payload["subject_id"]))


def _due(event: Event) -> datetime:
    return datetime.fromisoformat(event.payload["due"])


def _tell(users: Iterable[User], news: Kind, subject: Subject, event: Event, delivery: Delivery) -> None:
    declared = waiting.DECLARED[subject._meta.label_lower]
    notify(
        users,
        kind=news,
        event=event,
        path=reverse(declared.page, urlconf=URLCONF, args=[subject.pk]),
        facts={
            "title": declared.title(subject),
            "due": _due(event),
            "is_late": event.payload.get("is_late", False),
        },
        delivery=delivery,
    )
