"""Recording what happened, and handing it to whoever listens.

    record()       in the service's transaction: the event's row and one delivery per handler
    on commit      a pointer wakes the worker; if the broker is away, the sweep finds the rest
    deliver_due()  in the worker: claim with a lease, run each handler in a transaction of its own

At least once for effects outside the database, exactly once for those inside it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from prm.accounts.models import Membership
from prm.events import wake
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.tenancy import context
from prm.tenancy.context import as_system, seeing_all_partners
from prm.tenancy.models import TenantModel

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=6)  # longer than the hard time limit of a task
SHIFT = timedelta(minutes=3)  # after which a task leaves the rest to the next one, well before its time limit
ATTEMPTS = 8
UNDO_TIME = timedelta(seconds=10)


@dataclass(frozen=True)
class Handler:
    """Somebody who listens; `talks_outside` means it calls a network and gets no transaction."""

    name: str
    run: Callable[[Any, Delivery], None]
    talks_outside: bool = False


HANDLERS: dict[str, Handler] = {}
LISTENERS: dict[str, list[str]] = {}
SEAL = "prm.audit.seal"  # claimed in order by the sealing job, not by deliver_due()


def name_of(function: Callable[..., None]) -> str:
    """Return the name under which deliveries know a handler."""
    return f"{function.__module__}.{function.__name__}"


def handles(*facts: type[Fact]) -> Callable[[Callable[[Event, Delivery], None]], Callable[[Event, Delivery], None]]:
    """Call the function, in a transaction, once for each event of these kinds."""

    def register(function: Callable[[Event, Delivery], None]) -> Callable[[Event, Delivery], None]:
        name = name_of(function)
        HANDLERS[name] = Handler(name, lambda subject_id, delivery: function(_event(subject_id), delivery))
        for fact in facts:
            LISTENERS.setdefault(fact.name, []).append(name)
        return function

    return register


def sends(function: Callable[[UUID, Delivery], None]) -> Callable[[UUID, Delivery], None]:
    """Register a function that talks to the network about a row; see `enqueue`."""
    name = name_of(function)
    HANDLERS[name] = Handler(name, function, talks_outside=True)
    return function


def record(
    fact: Fact, *, on: TenantModel, by: Membership | None, at: datetime | None = None, is_internal: bool = False
) -> Event:
    """Write down a fact about the row `on` and queue it for its handlers; `by` is nobody for the clock.

    An undoable fact waits for `UNDO_TIME` before anybody is told. An internal one is seen by the
    vendor's own people only.
    """
    at = at or timezone.now()
    event = Event(
        name=fact.name,
        subject_type=on._meta.label_lower,
        subject_id=on.pk,
        payload=fact.payload(),
        by_id=by.user_id if by else None,
        by_firm=by.firm if by else "",
        at=at,
        partner_path="" if is_internal else getattr(on, "partner_path", ""),
    )
    if is_internal or not event.partner_path:
        with seeing_all_partners():
            event.save(force_insert=True)
    else:
        event.save(force_insert=True)
    due_at = timezone.now() + (UNDO_TIME if fact.is_undoable else timedelta())
    handlers = LISTENERS.get(fact.name, [])
    queued = [Delivery(handler=name, subject_id=event.pk, due_at=due_at) for name in handlers]
    sealing = Delivery(handler=SEAL, subject_id=event.pk, due_at=timezone.now())
    Delivery.objects.bulk_create([*queued, sealing])
    if queued and not fact.is_undoable:
        wake.after_commit(event.tenant_id)
    return event


def enqueue(function: Callable[[UUID, Delivery], None], subject_id: UUID) -> None:
    """Queue a row for a function registered with `sends`; once per row, also when called again."""
    turn = Delivery(handler=name_of(function), subject_id=subject_id, due_at=timezone.now())
    Delivery.objects.bulk_create([turn], ignore_conflicts=True)
    wake.after_commit(context.current_tenant_id())


def enqueue_again(function: Callable[[UUID, Delivery], None], subject_id: UUID) -> None:
    """Queue a row as `enqueue` does, and also when its turn is over: done, dead or postponed."""
    enqueue(function, subject_id)
    over = Delivery.objects.filter(handler=name_of(function), subject_id=subject_id, leased_until__isnull=True)
    over.update(status=Delivery.Status.PENDING, attempts=0, due_at=timezone.now(), last_error="", finished_at=None)


def withdraw(event_id: UUID) -> bool:
    """Stop an event's deliveries that have not started; False if one has, so it is too late to undo."""
    waiting = Delivery.objects.filter(subject_id=event_id).exclude(handler=SEAL).select_for_update()
    if any(delivery.status != Delivery.Status.PENDING or delivery.leased_until for delivery in waiting):
        return False
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(status=Delivery.Status.CANCELLED)
    return True


def deliver_due(tenant_id: UUID, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Deliver what is due in a tenant and return how many deliveries were tried.

    What is left after a `SHIFT` stays for the sweep; a turn that was claimed but not begun is given back.
    """
    tried, until = 0, now() + SHIFT
    while batch := _claim(tenant_id, now()):
        for delivery in batch:
            if now() >= until:
                _give_back(tenant_id, batch[batch.index(delivery) :])
                return tried
            _deliver(tenant_id, delivery, now())
            tried += 1
    return tried


def retry(delivery_id: UUID) -> None:
    """Give a dead delivery another row of attempts, from now on."""
    Delivery.objects.filter(pk=delivery_id, status=Delivery.Status.DEAD).update(
        status=Delivery.Status.PENDING, attempts=0, due_at=timezone.now(), leased_until=None
    )
    wake.after_commit(context.current_tenant_id())


def _claim(tenant_id: UUID, now: datetime) -> list[Delivery]:
    with as_system(tenant_id):
        free = Delivery.objects.filter(status=Delivery.Status.PENDING, due_at__lte=now).exclude(handler=SEAL)
        free = free.exclude(leased_until__gt=now).order_by("due_at", "id").select_for_update(skip_locked=True)
        batch = list(free[:BATCH])
        # Whoever took these before never came back to say why: they end the process that tries them.
        deadly = [delivery for delivery in batch if delivery.attempts >= ATTEMPTS]
        _bury(deadly)
        batch = [delivery for delivery in batch if delivery not in deadly]
        for delivery in batch:
            delivery.attempts += 1
            delivery.leased_until = now + LEASE
        Delivery.objects.bulk_update(batch, ["attempts", "leased_until"])
    return batch


def _bury(deliveries: list[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        status=Delivery.Status.DEAD, leased_until=None, last_error="The worker ended at every attempt."
    )


def _give_back(tenant_id: UUID, deliveries: list[Delivery]) -> None:
    with as_system(tenant_id):
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries], status=Delivery.Status.PENDING).update(
            attempts=F("attempts") - 1, leased_until=None
        )


def _deliver(tenant_id: UUID, delivery: Delivery, now: datetime) -> None:
    handler = HANDLERS.get(delivery.handler)
    try:
        if handler is None:
            raise LookupError(f"No handler is called {delivery.handler}.")
        if handler.talks_outside:
            handler.run(delivery.subject_id, delivery)
            with as_system(tenant_id):
                _finish(delivery, now)
        else:
            with as_system(tenant_id):
                if _finish(delivery, now):
                    handler.run(delivery.subject_id, delivery)
    except Exception as error:
        logger.exception("delivery failed", extra={"handler": delivery.handler, "delivery": str(delivery.pk)})
        with as_system(tenant_id):
            _postpone(delivery, now, error)


def _finish(delivery: Delivery, now: datetime) -> bool:
    """Mark a delivery done unless another worker, after an expired lease, already did."""
    return bool(
        Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.PENDING).update(
            status=Delivery.Status.DONE, finished_at=now, leased_until=None
        )
    )


def _postpone(delivery: Delivery, now: datetime, error: Exception) -> None:
    is_dead = delivery.attempts >= ATTEMPTS
    Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.DEAD if is_dead else Delivery.Status.PENDING,
        due_at=now + backoff(delivery.attempts),
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling from five seconds, with jitter, to half an hour."""
    return timedelta(seconds=min(5 * 2 ** (attempts - 1), 1800) * random.uniform(0.8, 1.2))


def _event(event_id: UUID) -> Event:
    return Event.objects.select_related("by").get(pk=event_id)


def tenants_with_work(now: datetime) -> Iterator[UUID]:
    """Yield the tenants that have a delivery due, seen by the role that may look across tenants."""
    due = Delivery.across_tenants.using("system").filter(status=Delivery.Status.PENDING, due_at__lte=now)
    due = due.exclude(handler=SEAL).exclude(leased_until__gt=now)
    yield from due.order_by().values_list("tenant_id", flat=True).distinct()


__all__ = [
    "deliver_due",
    "enqueue",
    "enqueue_again",
    "handles",
    "name_of",
    "record",
    "retry",
    "sends",
    "tenants_with_work",
    "withdraw",
]
