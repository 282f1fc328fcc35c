"""Reading how far promised times are, and noting once that people are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from prm.approvals import queries as approvals
from prm.clocks import calendars
from prm.clocks.clock import Promise, reached
from prm.events.outbox import record
from prm.events.service import service
from prm.promises import waiting
from prm.promises.events import PromiseEscalated, PromiseWarned
from prm.promises.models import PromiseClock, PromiseTelling
from prm.promises.waiting import Declared, Subject
from prm.tenancy.models import TenantModel


def telling() -> PromiseTelling:
    """Return at which shares of a promised time the vendor's people are told."""
    return PromiseTelling.objects.first() or PromiseTelling()


def unread(at: datetime) -> Iterator[TenantModel]:
    """Yield the records that wait and whose promised time was not read yet, or by what is not so any more."""
    revision = telling().revision
    for name, declared in waiting.DECLARED.items():
        read = PromiseClock.objects.filter(
            subject_type=name,
            subject_id=OuterRef("pk"),
            due_at=OuterRef(declared.due),
            started_at=OuterRef(declared.start),
            telling=revision,
        )
        rows = declared.rows().filter(~Exists(read), **{f"{declared.due}__isnull": False})
        yield from rows.order_by(declared.due, "pk")


def nearly_over(at: datetime) -> Iterator[PromiseClock]:
    """Yield the clocks of records that wait and of which somebody is to be told, the first due first."""
    is_near = Q(warned_at=None, warn_at__lte=at) | Q(escalated_at=None, escalate_at__lte=at)
    for name, declared in waiting.DECLARED.items():
        rows = declared.rows().values("pk")
        yield from PromiseClock.objects.filter(is_near, subject_type=name, subject_id__in=rows).order_by("due_at", "pk")


def escalated(subjects: Iterable[UUID]) -> set[UUID]:
    """Return of which of these records others were told as well."""
    rows = PromiseClock.objects.filter(subject_id__in=list(subjects), escalated_at__isnull=False)
    return set(rows.values_list("subject_id", flat=True))


@service
def read(subject: Subject, *, at: datetime) -> PromiseClock | None:
    """Note at which instants people are to be told, as far as they were not told of this promise before.

    Nothing is noted of a record that waits no more.
    """
    name = subject._meta.label_lower
    declared = waiting.DECLARED[name]
    subject = _locked(declared, subject.pk)
    if subject is None:
        return None
    due, start = getattr(subject, declared.due), getattr(subject, declared.start)
    promise, shares = declared.promise(subject), telling()
    found = PromiseClock.objects.filter(subject_type=name, subject_id=subject.pk).first()
    clock = found or PromiseClock(subject_type=name, subject_id=subject.pk)
    if clock.started_at != start:
        clock.started_at, clock.warned_at, clock.escalated_at = start, None, None
    clock.due_at, clock.telling = due, shares.revision
    clock.warn_at = _reached(promise, due, shares.warn_percent, at)
    clock.escalate_at = _reached(promise, due, shares.escalate_percent, at)
    clock.save()
    return clock


@service
def tell(clock: PromiseClock, *, at: datetime) -> bool:
    """Say once that the promised time is nearly over, and once that it is; running it again finds nothing to do.

    Nobody is warned by both: a step with a time of its own that ends first tells those it asks itself.
    """
    declared = waiting.DECLARED[clock.subject_type]
    subject = _locked(declared, clock.subject_id)
    clock = PromiseClock.objects.locked(clock.pk)
    if subject is None or getattr(subject, declared.due) != clock.due_at:
        return False
    about = (clock.subject_type, clock.subject_id, clock.due_at.isoformat())
    if clock.escalated_at is None and clock.escalate_at <= at:
        clock.warned_at, clock.escalated_at = clock.warned_at or at, at
        fact: PromiseEscalated | PromiseWarned | None = PromiseEscalated(*about, is_late=clock.due_at <= at)
    elif clock.warned_at is None and clock.warn_at <= at:
        clock.warned_at = at
        fact = None if steps_tell(subject, clock.due_at) else PromiseWarned(*about)
    else:
        return False
    clock.save()
    if fact is not None:
        record(fact, on=declared.record(subject), by=None, at=at, is_internal=True)
    return fact is not None


def steps_tell(subject: Subject, due: datetime) -> bool:
    """Say whether approval steps tell, or told, those whom they ask by a time of their own."""
    approval = approvals.current_of(subject)
    if approval is None:
        return False
    ends_first = approval.next_late_at is not None and approval.next_late_at <= due
    return ends_first or any(step in approval.late for step in approval.asked)


def waiting_one(subject_type: str, pk: UUID) -> Subject | None:
    """Return a record while its clock runs."""
    return waiting.DECLARED[subject_type].rows().filter(pk=pk).first()


def _locked(declared: Declared, pk: UUID) -> Subject | None:
    rows: QuerySet = declared.rows()
    return rows.select_for_update(of=("self",)).filter(pk=pk).first()


def _reached(promise: Promise, due: datetime, percent: int, at: datetime) -> datetime:
    return reached(promise, calendars.of(promise), due, percent, now=at)
