"""Finds which customers look like one another, keeps it, and hears people who know better."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from deals.events import BetweenCustomers, CustomersToldApart, CustomersUntold, CustomerToldApart, CustomerUntold
from deals.models import CustomerLikeness, EndCustomer, Registration
from deals.queries import matching
from deals.queries.matching import Match
from deals.rules.matching import keys, scoring
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.tenancy.context import current_tenant_id, seeing_all_partners

MOST = 20  # that are kept for a customer, the likeliest


def wait_for_namesakes(customer: EndCustomer) -> None:
    """Wait until others who are adding a customer with a telling key of this one have committed.

    Without it two partners who send two spellings at one moment would not see each other. Locks are taken in the order
    of their numbers, so that nobody waits in a circle, and end with the transaction. Words that many names have make
    nobody wait.
    """
    telling = [key for key in keys.of(customer.profile) if keys.is_telling(key)]
    numbers = sorted(keys.hashed(telling, current_tenant_id()).values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [numbers])


def look(customer: EndCustomer, at: datetime, *, email: str = "") -> None:
    """Find whom a customer looks like now, and keep it.

    What was found before stays, because names are only ever added; what a person said of it stays as well. `email` is
    an address of somebody there: its web domain may be one that is known.
    """
    with seeing_all_partners():
        _keep(customer, matching.matches(replace(customer.facts, email=email), but=customer.pk)[:MOST], at)


def look_again(customer: EndCustomer, at: datetime) -> None:
    """Find anew whom a customer looks like, after a person changed what is known of it: what no longer fits goes.

    What a person said stays. So does what the address of somebody there told, which is not kept with the customer.
    """
    with seeing_all_partners():
        kept = CustomerLikeness.objects.filter(Q(one=customer) | Q(other=customer))
        told_by_mail = {
            row.other_than(customer.pk) for row in kept.filter(evidence__contains=[{"code": "same_mail_domain"}])
        }
        compared = {row.other_than(customer.pk) for row in kept} - told_by_mail
        found = matching.matches(customer.facts, but=customer.pk, also=compared)
        still = {match.customer.pk for match in found} | told_by_mail
        kept.filter(told_apart_at=None).exclude(Q(one__in=still) | Q(other__in=still)).delete()
        _keep(customer, [match for match in found if match.customer.pk not in told_by_mail], at)


def _keep(customer: EndCustomer, found: list[Match], at: datetime) -> None:
    CustomerLikeness.objects.bulk_create(
        [_row(customer, match, at) for match in found],
        update_conflicts=True,
        unique_fields=["tenant", "one", "other"],
        update_fields=["kind", "probability", "evidence", "weights", "found_at"],
    )


def _row(customer: EndCustomer, match: Match, at: datetime) -> CustomerLikeness:
    """Return what is kept of a match: one row for two customers, whichever was found for which."""
    one, other, seen = customer, match.customer, match.likeness
    if one.pk > other.pk:
        one, other, seen = other, one, seen.turned()
    return CustomerLikeness(
        one=one,
        other=other,
        kind=seen.kind,
        probability=round(seen.probability, 4),
        evidence=[{"code": each.code, "is_for": each.is_for, "facts": each.facts} for each in seen.evidence],
        weights=scoring.weights().version,
        found_at=at,
    )


@service
def tell_apart(registration: Registration, rival: Registration, *, by: Membership, at: datetime) -> None:
    """Say that the customers of two registrations are two companies: neither is the other's conflict any more."""
    if _tell(registration.customer_id, rival.customer_id, by=by, at=at):
        record(CustomersToldApart(registration.pk, rival_id=rival.pk), on=registration, by=by, at=at, is_internal=True)


@service
def untell(registration: Registration, rival: Registration, *, by: Membership, at: datetime) -> None:
    """Take that back: what the two have in common counts again."""
    if _untell(registration.customer_id, rival.customer_id, by=by, at=at):
        record(CustomersUntold(registration.pk, rival_id=rival.pk), on=registration, by=by, at=at, is_internal=True)


@service
def tell_customers_apart(one: EndCustomer, other: EndCustomer, *, by: Membership, at: datetime) -> None:
    """Say that two customers that look alike are two companies."""
    _tell(one.pk, other.pk, by=by, at=at)


@service
def untell_customers(one: EndCustomer, other: EndCustomer, *, by: Membership, at: datetime) -> None:
    """Take that back."""
    _untell(one.pk, other.pk, by=by, at=at)


def _tell(one: UUID | None, other: UUID | None, *, by: Membership, at: datetime) -> bool:
    row = _between(one, other)
    if row is None or row.told_apart_at is not None:
        return False
    row.told_apart_at, row.told_apart_by = at, by.user
    _save_verdict(row, CustomerToldApart, by=by, at=at)
    return True


def _untell(one: UUID | None, other: UUID | None, *, by: Membership, at: datetime) -> bool:
    row = _between(one, other)
    if row is None or row.told_apart_at is None:
        return False
    row.told_apart_at, row.told_apart_by = None, None
    _save_verdict(row, CustomerUntold, by=by, at=at)
    return True


def _save_verdict(row: CustomerLikeness, fact: type[BetweenCustomers], *, by: Membership, at: datetime) -> None:
    row.save(update_fields=["told_apart_at", "told_apart_by"])
    for mine, theirs in ((row.one, row.other), (row.other, row.one)):
        told = fact(mine.pk, customer=mine.name, other_id=theirs.pk, other=theirs.name)
        record(told, on=mine, by=by, at=at)


def _between(one: UUID | None, other: UUID | None) -> CustomerLikeness | None:
    pair = Q(one=one, other=other) | Q(one=other, other=one)
    return CustomerLikeness.objects.select_for_update(of=("self",)).filter(pair).first()
