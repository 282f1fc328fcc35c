"""Keeps what matching looks up: how common each key is, and keys made as names are read today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from deals.models import EndCustomer, MatchKeyCount, Registration
from deals.queries.matching import FEW
from deals.rules.matching import keys
from deals.services import likenesses
from prm.tenancy.context import current_tenant_id
from prm.tenancy.fields import uuid7

AT_ONCE = 200


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


TEXTS = (
    "name",
    "country",
    "state",
    "city",
    "postcode",
    "address",
    "phone",
    "website",
    "tax_id",
    "external_id",
    "place_key",
)
COLUMNS = {"id": "uuid", **dict.fromkeys(TEXTS, "text"), "first_seen_at": "timestamptz"}


def add_many(customers: Sequence[EndCustomer]) -> None:
    """Insert stamped customers that have one name and website each, in one statement, for files of any length.

    Rows go as one array per column, which is some times faster than a placeholder for each value.
    """
    columns = ", ".join(COLUMNS)
    arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    values: list[list[Any]] = [[getattr(customer, name) for customer in customers] for name in COLUMNS]
    keys_of_rows = ["{" + ",".join(map(str, customer.match_keys)) + "}" for customer in customers]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO deals_endcustomer
                    (tenant_id, {columns}, match_keys, other_names, other_websites, norm_version)
                SELECT %s, {columns}, match_keys::bigint[], '{{}}', '{{}}', %s
                FROM unnest({arrays}, %s::text[]) AS given ({columns}, match_keys)""",
            [current_tenant_id(), keys.VERSION, *values, keys_of_rows],
        )


def stamp_outdated(at: datetime, most: int = AT_ONCE) -> int:
    """Make the keys of customers anew that were made from an earlier reading of names; return of how many.

    What customers of an earlier version lack is taken from the registration that was made first.
    """
    outdated = EndCustomer.objects.standing().filter(norm_version__lt=keys.VERSION).order_by("pk")
    rows = list(outdated.select_for_update(of=("self",), no_key=True, skip_locked=True)[:most])
    for registration in Registration.objects.filter(customer__in=rows).order_by("-submitted_at", "-id"):
        row = next(row for row in rows if row.pk == registration.customer_id)
        row.website, row.tax_id = registration.customer_website, registration.customer_tax_id
    for row in rows:
        row.stamp_keys()
    written = ["website", "tax_id", "match_keys", "place_key", "norm_version"]
    EndCustomer.objects.bulk_update(rows, written, batch_size=200)
    for row in rows:
        likenesses.look(row, at)
    return len(rows)
