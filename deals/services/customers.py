"""Recognising the end customer behind a registration, and what people teach about customers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from deals.enums import KeyKind
from deals.models import CustomerKey, EndCustomer, Registration
from deals.services import likenesses
from prm.companies import email_domain
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.fields import uuid7

MOST_NAMES = 30


def recognise(registration: Registration, at: datetime) -> EndCustomer:
    """Return the customer the keys point to, the strongest key deciding, or a new one; learns its new keys and names.

    The key's unique row makes two registrations that arrive together meet at one customer: whoever
    comes second waits for the first to commit.
    """
    with seeing_all_partners():
        found = registration.keys
        known = {key.kind: key.customer_id for key in CustomerKey.objects.filter(value__in=found.values())}
        customer = next((EndCustomer.objects.get(pk=known[kind]) for kind in found if kind in known), None)
        if customer is not None:
            _claim_all(found, customer.pk)
            learn(customer, registration, at)
            return customer
        customer = EndCustomer(
            name=registration.customer_name,
            country=registration.customer_country,
            city=registration.customer_city,
            website=registration.customer_website,
            tax_id=registration.customer_tax_id,
            first_seen_at=at,
        )
        customer.stamp_keys()
        likenesses.wait_for_namesakes(customer)
        customer.save(force_insert=True)
        owners = _claim_all(found, customer.pk)
        if not owners or owners[0] == customer.pk:
            likenesses.look(customer, at, email=_contact_of(registration))
            return customer
        customer.delete()  # somebody else's registration of it came first, a moment ago
        return EndCustomer.objects.get(pk=owners[0])


def learn(customer: EndCustomer, registration: Registration, at: datetime) -> None:
    """Let a customer be found by the name and website of a registration of it, in the same transaction."""
    name, website = registration.customer_name, registration.customer_website
    with seeing_all_partners():
        row = EndCustomer.objects.locked(customer.pk)
        new_names = [name] if name not in ("", row.name, *row.other_names) else []
        new_websites = [website] if website not in ("", row.website, *row.other_websites) else []
        if not new_names and not new_websites:
            return
        row.other_names = [*row.other_names, *new_names][:MOST_NAMES]
        row.other_websites = [*row.other_websites, *new_websites][:MOST_NAMES]
        row.stamp_keys()
        likenesses.wait_for_namesakes(row)
        row.save(update_fields=["other_names", "other_websites", "match_keys", "place_key", "norm_version"])
        likenesses.look(row, at, email=_contact_of(registration))


def _contact_of(registration: Registration) -> str:
    """Return the address of the customer's contact, unless the partner wrote one of its own."""
    own = registration.partner.domain_key
    return "" if own and email_domain(registration.contact_email) == own else registration.contact_email


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
