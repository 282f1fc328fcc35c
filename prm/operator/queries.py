"""The installation as a whole: what its parts answer, and counts over all vendors, read by the system role."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from prm.accounts.models import Membership
from prm.celery import app
from prm.events import schedule
from prm.events.models import Delivery, Job
from prm.events.outbox import SEAL
from prm.files import scanning
from prm.files.models import File
from prm.operations import health, metrics
from prm.operator.rules import State
from prm.tenancy.models import Vendor

SYSTEM = "system"
SECONDS = 1


def state() -> State:
    """Ask every part how it is."""
    now, ready = timezone.now(), health.readiness()
    try:
        outbox = metrics.outbox(now)
    except Error:
        outbox = None
    return State(
        now=now,
        failed_check=next((text for text in ready.checks.values() if text != health.OK), ""),
        oldest_due=timedelta(seconds=outbox.oldest_due_seconds) if outbox else None,
        oldest_unsealed=timedelta(seconds=outbox.oldest_unsealed_seconds) if outbox else None,
        dead=outbox.dead if outbox else 0,
        scheduler_at=Job.objects.aggregate(last=Max("last_started_at"))["last"],
        has_broker=bool(settings.REDIS_URL),
        broker_answers=bool(settings.REDIS_URL) and _broker_answers(),
        sends_mail=bool(settings.EMAIL_URL),
        has_scanner=bool(settings.CLAMD_ADDRESS),
        scanner_answers=bool(settings.CLAMD_ADDRESS) and _scanner_answers(),
        free_disk=_free_disk(),
        is_debug=settings.DEBUG,
        is_https=settings.HTTPS,
    )


def _broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=SECONDS) as connection:
            connection.ensure_connection(max_retries=1, timeout=SECONDS)
    except Exception:
        return False
    return True


def _scanner_answers() -> bool:
    try:
        return scanning.ask([b"ping"]).endswith(scanning.FINE)
    except (OSError, ValueError):
        return False


def _free_disk() -> float | None:
    """The free share of the disk that holds the files, or nothing where they are kept elsewhere."""
    place = Path(settings.MEDIA_ROOT)
    if not isinstance(default_storage, FileSystemStorage):
        return None
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free / usage.total


def vendors() -> list[dict[str, Any]]:
    """Every vendor with its people, files and deliveries."""
    people = _by_tenant(Membership, Count("id"), status=Membership.Status.ACTIVE)
    files = _by_tenant(File, Sum("size"), content_gone_at__isnull=True)
    dead = _by_tenant(Delivery, Count("id"), status=Delivery.Status.DEAD)
    waiting = _by_tenant(Delivery, Count("id"), ~Q(handler=SEAL), status=Delivery.Status.PENDING)
    return [
        {
            "vendor": vendor,
            "people": people.get(vendor.pk, 0),
            "files": files.get(vendor.pk, 0),
            "dead": dead.get(vendor.pk, 0),
            "waiting": waiting.get(vendor.pk, 0),
        }
        for vendor in Vendor.objects.order_by("name", "pk")
    ]


def _by_tenant(model: Any, figure: Any, *conditions: Q, **facts: Any) -> dict[Any, int]:
    rows = model.across_tenants.using(SYSTEM).filter(*conditions, **facts).order_by()
    return dict(rows.values_list("tenant_id").annotate(figure=figure).values_list("tenant_id", "figure"))


def deliveries() -> QuerySet:
    """What waits or gave up, over all vendors; seals are left out while they only wait."""
    rows = Delivery.across_tenants.using(SYSTEM).select_related("tenant")
    return rows.filter(Q(status=Delivery.Status.DEAD) | Q(status=Delivery.Status.PENDING) & ~Q(handler=SEAL))


def jobs() -> list[dict[str, Any]]:
    """Every periodic job, when it last started, and whether it should have again by now."""
    now = timezone.now()
    started = dict(Job.objects.values_list("name", "last_started_at"))
    return [
        {
            "name": job.name,
            "interval": job.interval,
            "last": (last := started.get(job.name)),
            "is_late": last is None or now - last > 2 * job.interval + timedelta(seconds=30),
        }
        for job in sorted(schedule.JOBS.values(), key=lambda job: job.name)
    ]
