"""What the operator's health page says of the ledgers."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from mdf.queries import ledger_counts
from prm.operator.checks import Answer, Link, health_check
from prm.tenancy.middleware import URLCONF


@health_check
def ledger(now: datetime) -> Answer:
    """Say when every balance was last counted, and whether all were the sums of their entries."""
    standing = ledger_counts.standing(now)
    facts = {"standing": standing}
    if standing.differing:
        links = tuple(
            Link(
                f"{row.vendor.name}: {row.fund.name}",
                f"/{row.vendor.slug}{reverse('mdf:fund-ledger', urlconf=URLCONF, args=[row.fund.pk])}",
            )
            for row in standing.differing
        )
        return Answer("bad", "mdf/health/ledger_differs.txt", facts, links)
    if standing.late:
        return Answer("warn", "mdf/health/ledger_not_counted.txt", facts)
    return Answer("ok", "mdf/health/ledger_matches.txt", facts)
