"""Keeping the lists that rules ask for: who or what stands on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from deals.enums import KeyKind, ListKind
from deals.events import ListAdded, ListChanged
from deals.models import ListEntry, NamedList, Product
from deals.rules import keys
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

Customer = tuple[str, str, str, str]  # name, website, tax number, country


class ListNameTaken(DomainError):
    """Another list has this name."""


@service
def add(name: str, kind: str, *, by: Membership, at: datetime) -> NamedList:
    """Start an empty list; raises `ListNameTaken`."""
    made = NamedList(name=name, kind=ListKind(kind))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ListNameTaken(name=name) from error
    record(ListAdded(made.pk, list=name), on=made, by=by, at=at)
    return made


@service
def add_customers(kept: NamedList, customers: Iterable[Customer], *, by: Membership, at: datetime) -> int:
    """Put customers on a list and return how many were not there; each is found by what identifies it."""
    kept = NamedList.objects.locked(kept.pk)
    rows = {}
    for name, website, tax_id, country in customers:
        found = keys.of_customer(name=name, website=website, tax_id=tax_id, country=country)
        row = ListEntry(list=kept, name=name, website=website, tax_id=tax_id, country=country)
        row.name_key, row.domain_key = found.get(KeyKind.NAME, ""), found.get(KeyKind.DOMAIN, "")
        row.tax_key = found.get(KeyKind.TAX_ID, "")
        rows[row.name_key, row.domain_key, row.tax_key] = row
    return _add(kept, list(rows.values()), by, at)


@service
def add_products(kept: NamedList, products: Iterable[Product], *, by: Membership, at: datetime) -> int:
    """Put products on a list and return how many were not there."""
    kept = NamedList.objects.locked(kept.pk)
    return _add(kept, [ListEntry(list=kept, product=product) for product in products], by, at)


@service
def remove(kept: NamedList, entries: Iterable[UUID], *, by: Membership, at: datetime) -> int:
    """Take entries off a list and return how many were there; what was decided by them stays."""
    kept = NamedList.objects.locked(kept.pk)
    gone, _by_model = ListEntry.objects.filter(list=kept, pk__in=list(entries)).delete()
    if gone:
        record(ListChanged(kept.pk, list=kept.name, removed=gone), on=kept, by=by, at=at)
    return gone


def _add(kept: NamedList, rows: list[ListEntry], by: Membership, at: datetime) -> int:
    before = ListEntry.objects.filter(list=kept).count()
    ListEntry.objects.bulk_create(rows, ignore_conflicts=True)
    added = ListEntry.objects.filter(list=kept).count() - before
    if added:
        record(ListChanged(kept.pk, list=kept.name, added=added), on=kept, by=by, at=at)
    return added
