"""A request that changes something is answered once, however often it is sent.

The answer is kept in the transaction of what it did. A refused request did nothing and keeps nothing: it may be sent
again under its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from prm.api.models import ApiAnswer, ApiKey
from prm.api.problems import ApiError
from prm.events.schedule import every, for_each_row

KEPT_FOR = timedelta(days=7)
LONGEST_NAME = 255


def once(
    key: ApiKey, name: str, asked: bytes, act: Callable[[], tuple[int, Any]], *, partner_path: str, at: datetime
) -> tuple[int, Any, bool]:
    """Return the status and body of the answer, and whether it was given before; it is kept for whom the key acts.

    Raises `ApiError` without a name, while another request of this name runs, and if that asked for something else.
    """
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        detail = _("Send an Idempotency-Key: a name of this request, at most 255 characters, such as a UUID.")
        raise ApiError(400, "idempotency_key_missing", detail)
    if not _is_alone(key, name):
        raise ApiError(409, "still_running", _("A request of this Idempotency-Key is being answered."))
    digest = hashlib.sha256(asked).hexdigest()
    given = ApiAnswer.objects.filter(key=key, name=name).first()
    if given is not None:
        if given.request != digest:
            raise ApiError(422, "idempotency_key_reused", _("This Idempotency-Key stands for another request."))
        return given.status, given.body, True
    status, body = act()
    kept = {"request": digest, "status": status, "body": body, "at": at, "partner_path": partner_path}
    ApiAnswer.objects.create(key=key, name=name, **kept)
    return status, body, False


def _is_alone(key: ApiKey, name: str) -> bool:
    """Take the name until the end of the transaction, unless somebody has it."""
    number = int.from_bytes(hashlib.sha256(f"{key.pk}:{name}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def overdue(at: datetime) -> QuerySet[ApiAnswer]:
    """Return the answers that nobody asks for again."""
    return ApiAnswer.objects.filter(at__lt=at - KEPT_FOR)


@every(hours=6)
def forget_answers() -> None:
    """Delete answers after a week."""
    for_each_row(overdue, lambda row, at: row.delete())
