"""Events in their provable order, and whether that order still holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from prm import together
from prm.audit import chain
from prm.audit.chain import Finding, Link, Noted, Trouble
from prm.audit.models import Seal
from prm.events.models import Event
from prm.tenancy.models import TenantModel

BATCH = 2000
PATIENCE = timedelta(hours=1)  # after which an event without a seal is suspicious
SHOWN_UNSEALED = 100


@dataclass(frozen=True)
class Entry:
    """An event in a record's timeline and its place in the chain; the place comes some seconds later."""

    event: Event
    position: int | None

    @property
    def is_sealed(self) -> bool:
        return self.position is not None


def timeline(subject: TenantModel, *beside: QuerySet) -> list[Entry]:
    """Return what happened to a record, oldest first, as far as the current actor may see it.

    What its words need is loaded `beside` it, in the same statement.
    """
    events = Event.objects.filter(subject_id=subject.pk).select_related("by")
    events = events.annotate(position=Subquery(_seals_of_event().values("position")))
    events = events.order_by("at", "id")
    together.fetch(events, *beside)
    return [Entry(event, event.position) for event in events]


def positions_of(events: Iterable[Event]) -> dict[UUID, int]:
    """Return the position of each event that is sealed, by its id."""
    seals = Seal.objects.filter(event_id__in=[event.pk for event in events])
    return dict(seals.values_list("event_id", "position"))


def _seals_of_event() -> QuerySet:
    return Seal.objects.filter(tenant_id=OuterRef("tenant_id"), event_id=OuterRef("pk"))


def head_of_chain() -> Seal | None:
    """Return the last seal of the current tenant; both sides may see and note it."""
    return Seal.objects.order_by("-position").first()


def findings(*, last: int | None = None, noted: Noted | None = None, now: datetime | None = None) -> Iterator[Finding]:
    """Walk the current tenant's chain, or only its `last` seals, and yield everything that is wrong."""
    head = head_of_chain()
    end = head.position if head else 0
    start = max(0, end - last) if last else 0
    before = Seal.objects.filter(position=start).first() if start else None
    if before or not start:
        yield from chain.walk(_links(start), position=start, previous=before.digest if before else chain.START)
    else:
        yield Finding(Trouble.GAP, start)
    yield from _unsealed((now or timezone.now()) - PATIENCE, since=before)
    if noted:
        yield from _compared_with(noted, end)


def _links(position: int) -> Iterator[Link]:
    """Read seals in batches; their events separately, because one that is gone would take its seal out of a join."""
    while seals := list(Seal.objects.filter(position__gt=position).order_by("position")[:BATCH]):
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            yield Link(seal.position, seal.digest, seal.event_id, events.get(seal.event_id))
        position = seals[-1].position


def _unsealed(recorded_before: datetime, *, since: Seal | None) -> Iterator[Finding]:
    events = Event.objects.filter(~Exists(_seals_of_event()), recorded_at__lt=recorded_before)
    if since:
        events = events.filter(pk__gt=since.event_id)  # an id begins with the time
    for event_id in events.order_by("id").values_list("pk", flat=True)[:SHOWN_UNSEALED]:
        yield Finding(Trouble.UNSEALED, None, event_id)


def _compared_with(noted: Noted, end: int) -> Iterator[Finding]:
    if noted.position > end:
        yield Finding(Trouble.CUT_OFF, noted.position)
        return
    seal = Seal.objects.filter(position=noted.position).first()
    if seal and not noted.agrees_with(seal.digest):
        yield Finding(Trouble.REWRITTEN, noted.position, seal.event_id)
