"""Tells a worker that a tenant has something to deliver. Losing the call loses nothing: the sweep finds it."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds in which nobody waits for a broker that did not answer
_away_until = 0.0


def after_commit(tenant_id: UUID) -> None:
    """Wake a worker for the tenant once the current transaction is committed, once per transaction."""
    waiting = {function for _, function, *_ in connection.run_on_commit if isinstance(function, _Wake)}
    if settings.REDIS_URL and _Wake(tenant_id) not in waiting:
        transaction.on_commit(_Wake(tenant_id), robust=True)


class _Wake:
    """Comparable, so that many events of one transaction wake the worker once."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id

    def __call__(self) -> None:
        now(self.tenant_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wake) and other.tenant_id == self.tenant_id

    def __hash__(self) -> int:
        return hash(self.tenant_id)


def now(tenant_id: UUID) -> bool:
    """Hand the pointer to the broker; False if it can't be reached. One that was away is left alone for a while."""
    global _away_until
    from prm.events.tasks import deliver

    if time.monotonic() < _away_until:
        return False
    try:
        deliver.apply_async((str(tenant_id),), retry=False)
    except Exception as error:  # whatever it is, the change is committed and must not look as if it failed
        _away_until = time.monotonic() + PAUSE
        logger.warning("broker is away, the sweep will deliver", extra={"error": f"{type(error).__name__}: {error}"})
        return False
    return True
