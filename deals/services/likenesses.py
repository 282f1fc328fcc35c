"""Finds which customers look like one another, keeps it, and hears people who know better."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Q

from deals.events import CustomersToldApart, CustomersUntold
from deals.models import CustomerLikeness, EndCustomer, Registration
from deals.queries import matching
from deals.rules.matching import scoring
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.tenancy.context import seeing_all_partners

MOST = 20  # that are kept for a customer, the likeliest


def wait_for_namesakes(customer: EndCustomer) -> None:
    """Wait until others who are adding a customer with any key of this one have committed.

    Without it two partners who send two spellings at one moment would not see each other. Locks are taken in the order
    of their numbers, so that nobody waits in a circle, and end with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [sorted(customer.match_keys)]
        )


def look(customer: EndCustomer, at: datetime, *, email: str = "") -> None:
    """Find whom a customer looks like now. What was found before is read anew; what a person said stays.

    `email` is an address of somebody there: its web domain may be one that is known.
    """
    with seeing_all_partners():
        found = matching.matches(replace(customer.facts, email=email), but=customer.pk)[:MOST]
        known = {row.other_id if row.one_id == customer.pk else row.one_id: row for row in of(customer)}
        for match in found:
            row = known.pop(match.customer.pk, None) or CustomerLikeness(one=customer, other=match.customer)
            seen = match.likeness if row.one_id == customer.pk else match.likeness.turned()
            row.kind, row.probability = seen.kind, round(seen.probability, 4)
            row.evidence = [{"code": each.code, "is_for": each.is_for, "facts": each.facts} for each in seen.evidence]
            row.weights, row.found_at = scoring.weights().version, at
            row.save()
        for row in known.values():
            if row.told_apart_at is None and row.one_id == customer.pk:
                row.delete()


def of(customer: EndCustomer) -> list[CustomerLikeness]:
    """Return all that is kept of a customer's likenesses."""
    return list(CustomerLikeness.objects.filter(Q(one=customer) | Q(other=customer)))


@service
def tell_apart(registration: Registration, rival: Registration, *, by: Membership, at: datetime) -> None:
    """Say that the customers of two registrations are two companies: neither is the other's conflict any more."""
    row = _between(registration, rival)
    if row is not None and row.told_apart_at is None:
        row.told_apart_at, row.told_apart_by = at, by.user
        row.save(update_fields=["told_apart_at", "told_apart_by"])
        record(CustomersToldApart(registration.pk, rival_id=rival.pk), on=registration, by=by, at=at)


@service
def untell(registration: Registration, rival: Registration, *, by: Membership, at: datetime) -> None:
    """Take that back: what the two have in common counts again."""
    row = _between(registration, rival)
    if row is not None and row.told_apart_at is not None:
        row.told_apart_at, row.told_apart_by = None, None
        row.save(update_fields=["told_apart_at", "told_apart_by"])
        record(CustomersUntold(registration.pk, rival_id=rival.pk), on=registration, by=by, at=at)


def _between(registration: Registration, rival: Registration) -> CustomerLikeness | None:
    one, other = registration.customer_id, rival.customer_id
    pair = Q(one=one, other=other) | Q(one=other, other=one)
    return CustomerLikeness.objects.select_for_update(of=("self",)).filter(pair).first()
