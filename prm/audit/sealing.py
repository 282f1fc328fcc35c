"""Sealing events in the order in which they were recorded, behind the backs of those who write them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from prm.audit import chain
from prm.audit.models import Seal
from prm.events.models import Delivery, Event
from prm.events.outbox import SEAL
from prm.events.schedule import every
from prm.tenancy.context import as_system

logger = logging.getLogger(__name__)

BATCH = 500


@every(seconds=10)
def seal_events() -> None:
    """Seal what waits, vendor by vendor; one vendor's failure does not stop the next."""
    for tenant_id in tenants_with_unsealed_events():
        try:
            seal_all(tenant_id)
        except Exception:
            logger.exception("sealing failed for a tenant", extra={"tenant": str(tenant_id)})


def tenants_with_unsealed_events() -> Iterator[UUID]:
    """Yield the tenants that have something to seal, seen by the role that may look across tenants."""
    waiting = Delivery.across_tenants.using("system").filter(status=Delivery.Status.PENDING, handler=SEAL)
    yield from waiting.order_by().values_list("tenant_id", flat=True).distinct()


def seal_all(tenant_id: UUID) -> int:
    """Seal everything that waits in a tenant, a transaction for each batch, and return how many events that were."""
    total = 0
    while sealed := _seal_batch(tenant_id):
        total += sealed
    return total


def _seal_batch(tenant_id: UUID) -> int:
    with as_system(tenant_id):
        if not _holds_chain(tenant_id):
            return 0  # another worker is at it
        waiting = Delivery.objects.filter(status=Delivery.Status.PENDING, handler=SEAL).order_by("due_at", "id")
        turns = list(waiting[:BATCH])
        events = Event.objects.in_bulk([turn.subject_id for turn in turns])
        sealed = [turn for turn in turns if turn.subject_id in events]
        if sealed:
            _append([events[turn.subject_id] for turn in sealed])
        _finish(sealed, status=Delivery.Status.DONE)
        lost = [turn for turn in turns if turn.subject_id not in events]
        _finish(lost, status=Delivery.Status.DEAD, last_error="The event was deleted before it was sealed.")
    return len(turns)


def _finish(turns: list[Delivery], **facts: Any) -> None:
    Delivery.objects.filter(pk__in=[turn.pk for turn in turns]).update(finished_at=timezone.now(), **facts)


def _holds_chain(tenant_id: UUID) -> bool:
    """Take the tenant's chain until the transaction ends. Nobody who writes events waits for this lock."""
    key = int.from_bytes(tenant_id.bytes[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool(cursor.fetchone()[0])


def _append(events: list[Event]) -> None:
    head = Seal.objects.order_by("-position").first()
    start, digest = (head.position, head.digest) if head else (0, chain.START)
    seals = []
    for position, event in enumerate(events, start + 1):
        digest = chain.digest(event, position, digest)
        seals.append(Seal(position=position, event=event, digest=digest))
    Seal.objects.bulk_create(seals)
    # A head that leaves the database: whoever keeps the logs can prove that the chain was not cut.
    logger.info("events sealed", extra={"tenant": str(events[0].tenant_id), "head": seals[-1].mark})
