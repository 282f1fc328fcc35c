"""Fills a vendor with companies from a file and asks for others, for measuring how well and how fast they are found."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections

from deals.models import EndCustomer
from deals.rules.matching.measuring import Question
from deals.rules.matching.profiles import Facts
from deals.services import matching
from prm.operations import scratch
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor

AT_ONCE = 2000
FIELDS = ("name", "country", "state", "city", "postcode", "address", "phone", "website")


@dataclass(frozen=True)
class Asked:
    """A question of a file, with what was typed."""

    question: Question
    facts: Facts


def vendor_with(registry: Path, at: datetime) -> tuple[Vendor, dict[UUID, str]]:
    """Make a vendor with an end customer for each row of a file; return it with the file's ids by the customers'.

    For a scratch database: the table is filled before its index is made, and its statistics are taken, as they are
    minutes later anywhere. Raises what `fill` raises.
    """
    vendor = Vendor.objects.using("owner").create(slug=scratch.new_slug(), name="Scratch")
    owner = connections["owner"]
    index = next(index for index in EndCustomer._meta.indexes if index.name == "customers_by_match_key")
    with owner.schema_editor(atomic=False) as editor:
        editor.remove_index(EndCustomer, index)
    with as_system(vendor.pk):
        ids = fill(registry, at)
    with owner.schema_editor(atomic=False) as editor:
        editor.add_index(EndCustomer, index)
    with as_system(vendor.pk):
        matching.count_keys()
    with owner.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE deals_endcustomer")
        cursor.execute("ANALYZE deals_matchkeycount")
    return vendor, ids


def fill(registry: Path, at: datetime) -> dict[UUID, str]:
    """Make an end customer of each row of a CSV file; return the file's ids by the customers'.

    Columns: id, name, country, state, city, postcode, address, phone, website, reg_no. Raises `KeyError` for a file
    without id and name, and `OSError` for one that cannot be read.
    """
    ids: dict[UUID, str] = {}
    with registry.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while batch := list(islice(rows, AT_ONCE)):
            customers = [_customer(row, at) for row in batch]
            matching.add_many(customers)
            ids.update(zip((customer.pk for customer in customers), (row["id"] for row in batch), strict=True))
    return ids


def _customer(row: Mapping[str, str], at: datetime) -> EndCustomer:
    known: dict[str, Any] = {
        name: (row.get(name) or "")[: EndCustomer._meta.get_field(name).max_length] for name in FIELDS
    }
    customer = EndCustomer(**known, tax_id=(row.get("reg_no") or "")[:60], first_seen_at=at)
    customer.name = row["name"][:200]
    customer.stamp_keys()
    return customer


def questions(file: Path) -> Iterator[Asked]:
    """Yield the questions of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield _asked(json.loads(line))


def _asked(row: Mapping[str, Any]) -> Asked:
    known: dict[str, Any] = {name: row.get(name) or "" for name in (*FIELDS, "email")}
    question = Question(
        id=row["qid"],
        kind=row.get("kind", ""),
        same=frozenset(row.get("match_ids", ())),
        unknown=frozenset(row.get("ignore_ids", ())),
        related=frozenset(row.get("related_ids", ())),
    )
    return Asked(question, Facts(**known, number=row.get("reg_no") or ""))
