"""Keeps what matching looks up: how common each key is, and keys made as names are read today."""

from __future__ import annotations

from django.db import connection

from deals.models import EndCustomer, MatchKeyCount
from deals.queries.matching import FEW
from deals.rules.matching import keys
from prm.tenancy.context import current_tenant_id
from prm.tenancy.fields import uuid7

AT_ONCE = 2000


def count_keys() -> int:
    """Count anew which match keys many customers of the current vendor share; return how many those are.

    Done by the scheduler each night and after an import. Between two counts what is common is told from the last one.
    """
    MatchKeyCount.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO deals_matchkeycount (tenant_id, id, key, customers)
               SELECT tenant_id, gen_random_uuid(), key, count(*)
               FROM deals_endcustomer, unnest(match_keys) AS key WHERE tenant_id = %s
               GROUP BY tenant_id, key HAVING count(*) > %s""",
            [current_tenant_id(), FEW],
        )
        counted = cursor.rowcount
    everything = keys.hashed([keys.EVERYTHING], current_tenant_id())[keys.EVERYTHING]
    MatchKeyCount(pk=uuid7(), key=everything, customers=EndCustomer.objects.count()).save(force_insert=True)
    return counted


def stamp_outdated(most: int = AT_ONCE) -> int:
    """Make the keys of customers anew that were made from an earlier reading of names; return of how many."""
    rows = list(EndCustomer.objects.exclude(norm_version=keys.VERSION).order_by("pk")[:most])
    for row in rows:
        row.stamp_keys()
    EndCustomer.objects.bulk_update(rows, ["match_keys", "place_key", "norm_version"], batch_size=200)
    return len(rows)
