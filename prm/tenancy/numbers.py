"""Human numbers such as DR-2026-000123, counted per tenant without gaps or repeats."""

from __future__ import annotations

from django.db import connection

from prm.tenancy.context import current_tenant_id
from prm.tenancy.fields import uuid7
from prm.tenancy.models import Counter


def next_number(prefix: str, year: int) -> str:
    """Give out the tenant's next number; the counter's row stays locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO prm_counter (tenant_id, id, name, last) VALUES (%s, %s, %s, 1)
               ON CONFLICT (tenant_id, name) DO UPDATE SET last = prm_counter.last + 1 RETURNING last""",
            [current_tenant_id(), uuid7(), f"{prefix}-{year}"],
        )
        (number,) = cursor.fetchone()
    return f"{prefix}-{year}-{number:06d}"


def keep_used(name: str, number: int) -> None:
    """Remember that a number was given out, although what had it is gone."""
    row, is_new = Counter.objects.select_for_update().get_or_create(name=name, defaults={"last": number})
    if not is_new and row.last < number:
        row.last = number
        row.save(update_fields=["last"])


def last_used(name: str) -> int:
    """Return the highest number that is remembered, 0 if there is none."""
    return Counter.objects.filter(name=name).values_list("last", flat=True).first() or 0
