"""What was offered and what of it was accepted, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from prm import together
from prm.accounts.models import Membership
from prm.money import Money
from quotes.enums import Status
from quotes.models import QuoteRevision

MONTHS = 12


@dataclass(frozen=True)
class Month:
    """A month's offers: what was issued in it, and what customers accepted in it."""

    first_day: date
    issued: Money
    accepted: Money


def by_month(member: Membership, currency: str, today: date) -> list[Month]:
    """Return the last twelve months in one currency; of a quote the revision that was issued last counts."""
    months = list(_until(today))
    rows = QuoteRevision.objects.visible_to(member).filter(quote__currency=currency)
    found = together.ask(
        {
            "issued": _sums(rows.exclude(status=Status.SUPERSEDED), "issued_at", months[0]),
            "accepted": _sums(rows.filter(status=Status.ACCEPTED), "answered_at", months[0]),
        }
    )
    issued, accepted = ({month.date(): total for month, total in found[name]} for name in ("issued", "accepted"))
    nothing = Decimal(0)
    return [
        Month(day, Money(issued.get(day, nothing), currency), Money(accepted.get(day, nothing), currency))
        for day in months
    ]


def _sums(rows: QuerySet[QuoteRevision], moment: str, since: date) -> QuerySet:
    counted = rows.filter(**{f"{moment}__date__gte": since}).annotate(month=TruncMonth(moment)).order_by()
    return counted.values_list("month").annotate(total=Sum("net_total"))


def _until(today: date) -> Iterator[date]:
    for back in range(MONTHS - 1, -1, -1):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        yield date(year, month + 1, 1)
