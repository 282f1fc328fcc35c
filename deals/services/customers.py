"""Recognising the end customer behind a registration."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from deals.enums import KeyKind
from deals.models import CustomerKey, EndCustomer, Registration
from deals.rules import keys
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.fields import uuid7


def stamp_keys(registration: Registration) -> None:
    """Write the normalised keys of the typed customer onto the registration."""
    found = keys.of_customer(
        name=registration.customer_name,
        website=registration.customer_website,
        tax_id=registration.customer_tax_id,
        country=registration.customer_country,
    )
    registration.name_key = found.get(KeyKind.NAME, "")
    registration.domain_key = found.get(KeyKind.DOMAIN, "")
    registration.tax_key = found.get(KeyKind.TAX_ID, "")


def keys_of(registration: Registration) -> dict[KeyKind, str]:
    """Return the stamped keys that are not empty, the strongest first."""
    found = {
        KeyKind.TAX_ID: registration.tax_key,
        KeyKind.DOMAIN: registration.domain_key,
        KeyKind.NAME: registration.name_key,
    }
    return {kind: value for kind, value in found.items() if value}


def recognise(registration: Registration, at: datetime) -> EndCustomer:
    """Return the customer the keys point to, the strongest key deciding, or a new one; learns its new keys.

    The key's unique row makes two registrations that arrive together meet at one customer: whoever
    comes second waits for the first to commit.
    """
    with seeing_all_partners():
        found = keys_of(registration)
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
