"""What is known of requests for funds, as their rules want it: only what is asked, each as of its own day.

What came later is left out as far as its time was kept, so that past requests can be judged again under other rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from deals.queries import known as known_sales
from mdf.enums import ClaimStatus, RequestStatus
from mdf.models import Claim, FundRequest, FundRequestLine
from mdf.queries import ledger
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA
from partners.queries import known, rates
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.files import queries as files
from prm.money import Money
from prm.policies.evaluation import Facts
from prm.policies.periods import Span
from prm.tenancy.context import seeing_all_partners

MANY = 1000  # things of one partner that are looked back at
Values = dict[str, Any]


def facts_of(request: FundRequest, *, at: datetime, asked: frozenset[str]) -> Facts:
    """Return what is known of a request at a moment, as far as `asked` names it."""
    return of_requests([request], asked, at)[request.pk]


def of_requests(rows: Sequence[FundRequest], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of requests at a moment, as far as `asked` names it."""
    with seeing_all_partners():
        gather = lambda names: {row.pk: _known(row, names, at) for row in rows}  # noqa: E731
        return custom_fields.gathered(AREA, rows, asked, at, gather)


def _known(request: FundRequest, asked: frozenset[str], at: datetime) -> Facts:
    today = fund_terms.today_of_vendor(at)
    seen = _Seen(request, at, today)
    values = {name: find(seen) for name, find in FINDERS.items() if name in asked}
    values |= known.of_partner(request.partner, today, asked)
    return Facts(values, today, calendars.default(), rates.on(today) if asked & MONEY else {})


def available_to(request: FundRequest) -> Decimal | None:
    """Return what the partner's share of the fund still holds, nothing if it has none."""
    if request.allocation is None:
        return None
    with seeing_all_partners():
        return ledger.balances_of(request.allocation).available


@dataclass(frozen=True)
class _Seen:
    request: FundRequest
    at: datetime
    today: date

    @cached_property
    def lines(self) -> list[FundRequestLine]:
        return list(FundRequestLine.objects.filter(request=self.request).order_by("position"))

    def available(self) -> Money | None:
        held = available_to(self.request)
        return None if held is None else Money(held, self.request.currency)

    def requests(self) -> list[Values]:
        rows = FundRequest.objects.filter(partner=self.request.partner_id, submitted_at__lt=self.at)
        return [self._earlier(row) for row in _latest(rows.exclude(pk=self.request.pk))]

    def _earlier(self, row: FundRequest) -> Values:
        """Return it as it was then."""
        assert row.submitted_at
        is_decided = row.decided_at is not None and row.decided_at <= self.at
        is_over = row.closed_at is not None and row.closed_at <= self.at
        status = row.status if is_over else RequestStatus.APPROVED if row.approved else row.status
        return {
            "on": fund_terms.today_of_vendor(row.submitted_at) if row.submitted_at else None,
            "activity_type": str(row.activity_type_id) if row.activity_type_id else None,
            "status": str(status) if is_decided or is_over else RequestStatus.SUBMITTED.value,
            "asked": row.asked,
            "approved": row.approved if is_decided else None,
        }


def claims_before(partner_id: UUID, at: datetime, *, but: UUID | None = None) -> list[Values]:
    """Return what a partner claimed before a moment, as it stood then."""
    rows = Claim.objects.filter(partner=partner_id, submitted_at__lt=at).exclude(pk=but)
    return [
        {
            "on": fund_terms.today_of_vendor(row.submitted_at),
            "asked": row.asked,
            "approved": Money(row.approved_amount, row.currency)
            if row.approved_amount is not None and row.decided_at and row.decided_at <= at
            else None,
        }
        for row in _latest(rows.exclude(status=ClaimStatus.WITHDRAWN))
        if row.submitted_at
    ]


def _latest(rows: Any) -> Iterable[Any]:
    return rows.order_by("-submitted_at", "-id")[:MANY]


MONEY = frozenset({"asked", "planned", "available", "expected_revenue", "lines", "requests", "claims", "sales"})
FINDERS: Mapping[str, Callable[[_Seen], Any]] = {
    "asked": lambda seen: seen.request.asked,
    "planned": lambda seen: seen.request.planned,
    "share": lambda seen: seen.request.share_percent,
    "available": _Seen.available,
    "fund": lambda seen: str(seen.request.fund_id) if seen.request.fund_id else None,
    "activity_type": lambda seen: str(seen.request.activity_type_id) if seen.request.activity_type_id else None,
    "title": lambda seen: seen.request.title,
    "starts_on": lambda seen: seen.request.starts_on,
    "ends_on": lambda seen: seen.request.ends_on,
    "submitted_on": lambda seen: fund_terms.today_of_vendor(seen.request.submitted_at or seen.at),
    "notice": lambda seen: Span(seen.today, seen.request.starts_on) if seen.request.starts_on else None,
    "expected_leads": lambda seen: _number(seen.request.expected_leads),
    "expected_revenue": lambda seen: seen.request.expected_revenue_money,
    "has_deal": lambda seen: seen.request.registration_id is not None,
    "files": lambda seen: Decimal(files.of(seen.request).filter(added_at__lte=seen.at).count()),
    "lines": lambda seen: [{"what": row.what, "planned": row.planned, "asked": row.asked} for row in seen.lines],
    "requests": _Seen.requests,
    "claims": lambda seen: claims_before(seen.request.partner_id, seen.at),
    "sales": lambda seen: known_sales.sales(seen.request.partner_id, seen.today),
}


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
