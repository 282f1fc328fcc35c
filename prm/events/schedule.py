"""Periodic jobs. Each is idempotent: the clock only says that it is time to look.

One scheduler starts a job at a time, however many run: the job's row is claimed by an update.
With a broker the job goes to a worker; without one, or while it is away, it runs here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from prm.events import outbox, wake
from prm.events.models import Job
from prm.tenancy.context import as_system
from prm.tenancy.models import TenantModel, Vendor

logger = logging.getLogger(__name__)

BATCH = 1000
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Periodic:
    """A job and how often it runs."""

    name: str
    run: Callable[[], None]
    interval: timedelta


JOBS: dict[str, Periodic] = {}


def every(**interval: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run the function each `interval` (the arguments of `timedelta`)."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        name = f"{function.__module__}.{function.__name__}"
        JOBS[name] = Periodic(name, function, timedelta(**interval))
        return function

    return register


def for_each_vendor(work: Callable[[Vendor], object]) -> None:
    """Do the work inside each active vendor, in a transaction each; one vendor's failure does not stop the next."""
    for vendor in Vendor.objects.filter(status=Vendor.Status.ACTIVE).order_by("id"):
        try:
            with as_system(vendor.pk):
                work(vendor)
        except Exception:
            logger.exception("job failed for a vendor", extra={"vendor": vendor.slug})


def for_each_row(find: Callable[[datetime], Iterable[TenantModel]], work: Callable[[Any, datetime], object]) -> None:
    """Do the work, in a transaction each, for the rows that `find` names in each active vendor.

    One row's failure stops no other. What is more than a batch waits for the next time, so `find` puts
    the most urgent first and the work makes sure that a row is not found again.
    """
    at = timezone.now()
    for vendor in Vendor.objects.filter(status=Vendor.Status.ACTIVE).order_by("id"):
        for row in _found(vendor, find, at):
            try:
                with as_system(vendor.pk):
                    work(row, at)
            except Exception:
                logger.exception("job failed for a row", extra={"vendor": vendor.slug, "row": str(row.pk)})


def _found(vendor: Vendor, find: Callable[[datetime], Iterable[TenantModel]], at: datetime) -> list[TenantModel]:
    try:
        with as_system(vendor.pk):
            return list(islice(find(at), BATCH))
    except Exception:
        logger.exception("job failed for a vendor", extra={"vendor": vendor.slug})
        return []


def run(name: str) -> None:
    """Run a job now, whatever its interval."""
    JOBS[name].run()


def start_due(now: datetime) -> list[str]:
    """Start every job whose time has come and return their names."""
    started = dict(Job.objects.values_list("name", "last_started_at"))  # asked each second: one look at all of them
    due = [job for job in JOBS.values() if (started.get(job.name) or LONG_AGO) <= now - job.interval]
    return [job.name for job in due if _claim(job, now) and _start(job)]


def _claim(job: Periodic, now: datetime) -> bool:
    """Say whether this scheduler is the one to start the job; another may have been faster."""
    is_due = Q(last_started_at__isnull=True) | Q(last_started_at__lte=now - job.interval)
    if Job.objects.filter(is_due, name=job.name).update(last_started_at=now):
        return True
    return Job.objects.get_or_create(name=job.name, defaults={"last_started_at": now})[1]


def _start(job: Periodic) -> bool:
    if settings.REDIS_URL:
        from prm.events.tasks import run_job

        try:
            run_job.apply_async((job.name,), retry=False, expires=max(job.interval.total_seconds() * 4, 60))
        except (OperationalError, OSError):
            logger.warning("broker is away, the job runs in the scheduler", extra={"job": job.name})
        else:
            return True
    try:
        job.run()
    except Exception:
        logger.exception("job failed", extra={"job": job.name})
    return True


@every(seconds=2)
def sweep() -> None:
    """Deliver what no wake-up call reached: postponed, undoable, or lost with the broker."""
    for tenant_id in outbox.tenants_with_work(timezone.now()):
        if not (settings.REDIS_URL and wake.now(tenant_id)):
            _deliver_here(tenant_id)


def _deliver_here(tenant_id: UUID) -> None:
    try:
        outbox.deliver_due(tenant_id)
    except Exception:
        logger.exception("delivery failed for a tenant", extra={"tenant": str(tenant_id)})
