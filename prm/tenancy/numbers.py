"""Human numbers such as DR-2026-000123, counted per tenant without gaps or repeats."""

from django.db import connection

from prm.tenancy.context import current_tenant_id
from prm.tenancy.fields import uuid7


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
