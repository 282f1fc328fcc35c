"""Recognising the end customer behind a registration, and learning from it how else it is called."""

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

MOST_NAMES = 8  # besides the first
LEARNT = ("website", "tax_id", "city", "other_names", "other_websites", "match_keys", "place_key", "norm_version")


def recognise(registration: Registration, at: datetime) -> EndCustomer:
    """Return the customer the keys point to, the strongest key deciding, or a new one; learns its new keys and names.

    The key's unique row makes two registrations that arrive together meet at one customer: whoever
    comes second waits for the first to commit.
    """
    with seeing_all_partners():
        typed = _as_typed(registration, at)
        likenesses.wait_for_namesakes(typed)
        found = registration.keys
        known = {key.kind: key.customer_id for key in CustomerKey.objects.filter(value__in=found.values())}
        customer = next((standing(known[kind]) for kind in found if kind in known), None)
        if customer is not None:
            claim_all(found, customer.pk)
            learn(customer, registration, at)
            return customer
        typed.save(force_insert=True)
        owners = claim_all(found, typed.pk)
        if not owners or owners[0] == typed.pk:
            likenesses.look(typed, at, email=_contact_of(registration))
            return typed
        typed.delete()  # somebody else's registration of it came first, a moment ago
        return standing(owners[0])


def standing(customer_id: UUID) -> EndCustomer:
    """Return the customer, locked, or the one that it was merged into a moment ago."""
    row = EndCustomer.objects.locked(customer_id)
    while row.merged_into_id is not None:
        row = EndCustomer.objects.locked(row.merged_into_id)
    return row


def _as_typed(registration: Registration, at: datetime) -> EndCustomer:
    customer = EndCustomer(
        name=registration.customer_name,
        country=registration.customer_country,
        city=registration.customer_city,
        website=registration.customer_website,
        tax_id=registration.customer_tax_id,
        first_seen_at=at,
    )
    customer.stamp_keys()
    return customer


def learn(customer: EndCustomer, registration: Registration, at: datetime) -> None:
    """Let a customer be found by all that a registration of it says, in the same transaction."""
    with seeing_all_partners():
        row = EndCustomer.objects.locked(customer.pk)
        before = row.facts
        for field in ("website", "tax_id", "city"):
            if not getattr(row, field):
                setattr(row, field, getattr(registration, f"customer_{field}"))
        row.other_names = with_one_more(row.other_names, row.name, registration.customer_name)
        row.other_websites = with_one_more(row.other_websites, row.website, registration.customer_website)
        if row.facts == before:
            return
        row.stamp_keys()
        row.save(update_fields=LEARNT)
        likenesses.look(row, at, email=_contact_of(registration))


def with_one_more(others: list[str], first: str, new: str) -> list[str]:
    """Return the other names with a new one, unless there are many: each is compared with whatever is typed."""
    return others if new in ("", first, *others) or len(others) >= MOST_NAMES else [*others, new]


def _contact_of(registration: Registration) -> str:
    """Return the address of the customer's contact, unless the partner wrote one of its own."""
    own = registration.partner.domain_key if registration.contact_email else ""
    return "" if own and email_domain(registration.contact_email) == own else registration.contact_email


def claim_all(found: dict[KeyKind, str], customer_id: UUID) -> list[UUID]:
    """Give each key to the customer unless it has an owner; return the owners, always in the same order of locking."""
    return [claim(kind, value, customer_id) for kind, value in found.items()]


def claim(kind: str, value: str, customer_id: UUID) -> UUID:
    """Give the key to the customer unless it has an owner; return the owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO deals_customerkey (tenant_id, id, customer_id, kind, value)
               SELECT tenant_id, %s, id, %s, %s FROM deals_endcustomer WHERE id = %s
               ON CONFLICT (tenant_id, kind, value) DO NOTHING""",
            [uuid7(), kind, value, customer_id],
        )
    return CustomerKey.objects.get(kind=kind, value=value).customer_id
