"""What the broker carries: pointers to a tenant's outbox and the names of periodic jobs."""

from uuid import UUID

from celery import shared_task

from prm.events import outbox, schedule


@shared_task(name="prm.deliver")
def deliver(tenant_id: str) -> None:
    """Deliver what is due in a tenant."""
    outbox.deliver_due(UUID(tenant_id))


@shared_task(name="prm.run_job")
def run_job(name: str) -> None:
    """Run a periodic job of the registry."""
    schedule.run(name)
