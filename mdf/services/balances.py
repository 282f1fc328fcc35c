"""Counting every balance again, and raising the alarm where one is not the sum of its entries."""

from __future__ import annotations

import logging
from datetime import datetime

from mdf.events import BalanceDiffered
from mdf.models import LedgerAccount, LedgerCount
from mdf.queries import ledger
from prm.events.outbox import record
from prm.events.service import service

logger = logging.getLogger(__name__)


@service
def check(*, at: datetime) -> int:
    """Count the balances of the current vendor and return how many differ; each is written down and logged.

    That it was done is kept too, for the operator.
    """
    found = list(ledger.differences())
    for difference in found:
        account = difference.account
        fact = BalanceDiffered(
            account.pk, kept=str(account.balance), counted=str(difference.counted), currency=account.currency
        )
        record(fact, on=account.fund, by=None, at=at, is_internal=True)
        logger.error("a balance differs from its entries", extra={"account": str(account.pk), **fact.payload()})
    kept = {"counted_at": at, "accounts": LedgerAccount.objects.count(), "differing": len(found)}
    LedgerCount.objects.update_or_create(defaults=kept)
    return len(found)
