"""Recognising the end customer behind a registration."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from deals.enums import KeyKind
from deals.models import CustomerKey, EndCustomer, Registration
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.fields import uuid7


def recognise(registration: Registration, at: datetime) -> EndCustomer:
    """Return the customer the keys point to, the strongest key deciding, or a new one; learns its new keys.

    The key's unique row makes two registrations that arrive together meet at one customer: whoever
    comes second waits for the first to commit.
    """
    with seeing_all_partners():
        found = registration.keys
        known = {key.kind: key.customer_id for key in CustomerKey.objects.filter(value__in=found.values())}
        customer = next((EndCustomer.objects.get(pk=known[kind]) for kind in found if kind in known), None)
        if customer is not None:
            _claim_all(found, customer.pk)
            return customer
        customer = EndCustomer(
            name=registration.customer_name,
            country=registration.customer_country,
            city=registration.customer_city,
            first_seen_at=at,
        )
        customer.save(force_insert=True)
        owners = _claim_all(found, customer.pk)
        if not owners or owners[0] == customer.pk:
            return customer
        customer.delete()  # somebody else's registration of it came first, a moment ago
        return EndCustomer.objects.get(pk=owners[0])


def _claim_all(found: dict[KeyKind, str], customer_id: UUID) -> list[UUID]:
    """Give each key to the customer unless it has an owner; return the owners, always in the same order of locking."""
    return [_claim(kind, value, customer_id) for kind, value in found.items()]


def _claim(kind: KeyKind, value: str, customer_id: UUID) -> UUID:
    """Give the key to the customer unless it has an owner; return the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO deals_customerkey (tenant_id, id, customer_id, kind, value)
               SELECT tenant_id, %s, id, %s, %s FROM deals_endcustomer WHERE id = %s
               ON CONFLICT (tenant_id, kind, value) DO NOTHING""",
            [uuid7(), kind, value, customer_id],
        )
    return CustomerKey.objects.get(kind=kind, value=value).customer_id
