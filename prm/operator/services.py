"""What an operator does: give failed deliveries another chance."""

from __future__ import annotations

from uuid import UUID

from prm.events import outbox
from prm.events.models import Delivery
from prm.tenancy.context import as_system

AT_ONCE = 1000


def retry(tenant_id: UUID, pk: UUID) -> None:
    """Try a dead delivery again, from now on."""
    with as_system(tenant_id):
        outbox.retry(pk)


def retry_all() -> int:
    """Try dead deliveries of all vendors again, so many at once, and return how many those are."""
    dead = Delivery.across_tenants.using("system").filter(status=Delivery.Status.DEAD)
    rows = list(dead.order_by("due_at").values_list("tenant_id", "pk")[:AT_ONCE])
    for tenant_id, pk in rows:
        retry(tenant_id, pk)
    return len(rows)
