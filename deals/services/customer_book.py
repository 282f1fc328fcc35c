"""The vendor's own book of end customers: written down and mended by its people, and found by all of it at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from deals.enums import KeyKind
from deals.events import CustomerAdded, CustomerChanged
from deals.models import CustomerKey, EndCustomer, Registration
from deals.rules import keys as exact
from deals.rules.matching import keys
from deals.services import likenesses
from deals.services.customers import claim
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import current_tenant_id

PLACE = ("country", "state", "city", "postcode", "address", "phone")
FIELDS = ("name", *PLACE, "website", "tax_id", "other_names", "other_websites", "parent", "external_id")
STAMPED = ("match_keys", "place_key", "norm_version")


class CustomerSaved(DomainError):
    """Somebody else saved the customer after this form was opened."""


class ParentsInACircle(DomainError):
    """The parent belongs to the customer itself, directly or through others."""


class NumberTaken(DomainError):
    """Another customer has this number in the vendor's own systems."""


@service
def add(values: Mapping[str, Any], *, by: Membership, at: datetime) -> EndCustomer:
    """Write a customer down; partners who register it by its name, website or number are recognised from now on.

    That it looks like others is found, kept, and no reason to refuse. Raises `NumberTaken`.
    """
    customer = EndCustomer(first_seen_at=at, **values)
    customer.stamp_keys()
    likenesses.wait_for_namesakes(customer)
    _save(customer, force_insert=True)
    claim_keys(customer)
    likenesses.look(customer, at)
    record(CustomerAdded(customer.pk, customer=customer.name), on=customer, by=by, at=at)
    return customer


@service
def change(customer: EndCustomer, values: Mapping[str, Any], *, seen: str, by: Membership, at: datetime) -> EndCustomer:
    """Change what is known of a customer, and find at once whom it looks like now.

    Raises `CustomerSaved` unless `seen` is the fingerprint of what is kept, `ParentsInACircle` and `NumberTaken`.
    """
    if "parent" in values:
        wait_for_parents()
    likenesses.wait_for_namesakes(_changed(EndCustomer.objects.get(pk=customer.pk), values))
    row = EndCustomer.objects.locked(customer.pk)
    if row.merged_into_id is not None or fingerprint(row) != seen:
        raise CustomerSaved(customer=row)
    changed = tuple(name for name in FIELDS if name in values and getattr(row, name) != values[name])
    if not changed:
        return row
    _changed(row, values)
    if "parent" in changed and is_in_a_circle(row):
        raise ParentsInACircle(parent=row.parent)
    _save(row, update_fields=[*changed, *STAMPED])
    claim_keys(row)
    likenesses.look_again(row, at)
    record(CustomerChanged(row.pk, customer=row.name, fields=changed), on=row, by=by, at=at)
    return row


def _save(customer: EndCustomer, **how: Any) -> None:
    try:
        with transaction.atomic():
            customer.save(**how)
    except IntegrityError as error:
        if "an_external_id_is_of_one_customer" not in str(error):
            raise
        known = EndCustomer.objects.get(external_id=customer.external_id)
        raise NumberTaken(customer=known, number=customer.external_id) from error


def fingerprint(customer: EndCustomer) -> str:
    """Return what changes whenever anything that a form shows of a customer does."""
    shown = [getattr(customer, "parent_id" if name == "parent" else name) for name in FIELDS]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def claim_keys(customer: EndCustomer) -> None:
    """Let exact keys lead to a customer: all that is known of it now, and all that its registrations say.

    What is no longer known of it leads nowhere, and what leads to another customer stays that one's.
    """
    wanted = _keys_of(customer)
    for key in CustomerKey.objects.filter(customer=customer):
        if (key.kind, key.value) in wanted:
            wanted.discard((key.kind, key.value))
        else:
            key.delete()
    for kind, value in sorted(wanted):
        claim(kind, value, customer.pk)


def _keys_of(customer: EndCustomer) -> set[tuple[str, str]]:
    found = [given for one in _with_parts(customer) for given in _given(one)]
    found += [row.keys for row in Registration.objects.filter(customer=customer)]
    return {(kind, value) for given in found for kind, value in given.items()}


def _given(customer: EndCustomer) -> Iterator[dict[KeyKind, str]]:
    facts = {"tax_id": customer.tax_id, "country": customer.country}
    for name in (customer.name, *customer.other_names):
        yield exact.of_customer(name=name, website="", **facts)
    for site in (customer.website, *customer.other_websites):
        yield exact.of_customer(name="", website=site, **facts)


def _with_parts(customer: EndCustomer) -> list[EndCustomer]:
    """Return a customer and all that were merged into it, in whatever steps."""
    found = [customer]
    for one in found:
        found += EndCustomer.objects.filter(merged_into=one)
    return found


def _changed(customer: EndCustomer, values: Mapping[str, Any]) -> EndCustomer:
    for name, value in values.items():
        setattr(customer, name, value)
    customer.stamp_keys()
    return customer


def wait_for_parents() -> None:
    """Let two people who hang customers below each other at one moment come one after the other."""
    number = next(iter(keys.hashed(["customers: parents"], current_tenant_id()).values()))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def is_in_a_circle(customer: EndCustomer) -> bool:
    """Say whether a customer, as it is now, belongs to itself through others."""
    return customer.pk in above(customer)


def above(customer: EndCustomer) -> list[UUID]:
    """Return the ids of what a customer belongs to, the nearest first, up to where it would come round again."""
    found: list[UUID] = []
    at = customer.parent_id
    while at is not None and at not in found:
        found.append(at)
        at = EndCustomer.objects.values_list("parent_id", flat=True).get(pk=at)
    return found
