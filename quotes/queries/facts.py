"""What is known of a quote, as its rules want it: only what is asked, as of its own day.

What came later is left out as far as its time was kept, so that past quotes can be judged again under other rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from deals.queries import known as known_deals
from deals.queries.terms import today_of_vendor
from deals.rules import keys
from partners.queries import certifications, known, rates
from prm.clocks import calendars
from prm.companies import email_domain, is_free_mail
from prm.custom_fields import queries as custom_fields
from prm.money import Money
from prm.policies.evaluation import Facts
from prm.policies.periods import Span
from prm.tenancy.context import seeing_all_partners
from quotes.enums import Status
from quotes.models import QuoteLine, QuoteRevision
from quotes.queries import prices, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals as rules

MANY = known_deals.MANY
Values = dict[str, Any]


def facts_of(
    revision: QuoteRevision, *, at: datetime, asked: frozenset[str], lines: Iterable[QuoteLine] | None = None
) -> Facts:
    """Return what is known of a revision at a moment, as far as `asked` names it; `lines` may be those being typed."""
    today = today_of_vendor(at)
    if not asked:
        return Facts({}, today)
    with seeing_all_partners():
        seen = _Seen(revision, at, today, None if lines is None else list(lines))
        values = {name: find(seen) for name, find in FINDERS.items() if name in asked}
        values |= known.of_partner(revision.quote.partner, today, asked)
        values |= custom_fields.known_of_partners({revision.quote.partner_id}, asked, at).get(
            revision.quote.partner_id, {}
        )
        return Facts(values, today, calendars.default(), rates.on(today) if asked & MONEY else {})


@dataclass(frozen=True)
class _Seen:
    revision: QuoteRevision
    at: datetime
    today: date
    typed: list[QuoteLine] | None = None

    @cached_property
    def lines(self) -> list[QuoteLine]:
        return pricing.lines_of(self.revision.pk) if self.typed is None else self.typed

    @property
    def currency(self) -> str:
        return self.revision.quote.currency

    @cached_property
    def costs(self) -> dict[UUID, Decimal]:
        return prices.costs_of(self.revision.price_version_id, [line.product_id for line in self.lines])

    @cached_property
    def totals(self) -> tuple[Decimal, Decimal]:
        """Return what the lines come to at list prices and as quoted."""
        at_list = sum((line.list_unit * line.quantity for line in self.lines), Decimal(0))
        return at_list, sum((line.net_total for line in self.lines), Decimal(0))

    def margin_of(self, line: QuoteLine) -> Decimal | None:
        return rules.margin_of(line.net_unit, self.costs.get(line.product_id))

    def margin(self) -> Decimal | None:
        return prices.margin_of_total(self.lines, self.costs)

    def below_floor(self) -> bool:
        floor = quote_terms.pinned(self.revision.policy).margin_floor
        found = [margin for line in self.lines if (margin := self.margin_of(line)) is not None]
        return floor is not None and any(margin < floor for margin in found)

    def is_protected(self) -> bool:
        registration = self.revision.quote.registration
        if registration is None or not registration.protected_until or not registration.protected_from:
            return False
        was_ended = not registration.is_protected and registration.protected_until >= self.today
        return not was_ended and registration.protected_from <= self.today <= registration.protected_until

    def customer_is_new(self) -> bool | None:
        registration = self.revision.quote.registration
        if registration is None or registration.customer_id is None:
            return None
        return known_deals.is_new(registration.customer_id, self.today)

    def customer_lists(self) -> frozenset[str]:
        quote = self.revision.quote
        domain = email_domain(quote.contact_email)
        typed = keys.of_customer(
            name=quote.customer_name,
            website="" if is_free_mail(domain) else domain,
            tax_id="",
            country=quote.customer_country,
        )
        return known_deals.lists_of_customer(typed | (quote.registration.keys if quote.registration else {}))

    def each_line(self) -> list[Values]:
        listed = known_deals.lists_of_products(line.product_id for line in self.lines)
        return [
            {
                "family": str(line.product.family_id),
                "product": str(line.product_id),
                "product_lists": listed.get(line.product_id, frozenset()),
                "quantity": Decimal(line.quantity),
                "list_value": Money(line.list_unit * line.quantity, self.currency),
                "value": Money(line.net_total, self.currency),
                "discount": rules.taken_off(line.list_unit * line.quantity, line.net_total),
                "special": line.special_percent,
                "margin": self.margin_of(line),
                "title": line.name,
            }
            for line in self.lines
        ]

    def quotes(self) -> list[Values]:
        """Return what the partner quoted before, each as it stood then as far as that was kept."""
        rows = QuoteRevision.objects.filter(quote__partner=self.revision.quote.partner_id, sent_at__lt=self.at)
        rows = rows.filter(is_current=True).exclude(quote=self.revision.quote_id).select_related("quote")
        return [self._earlier(row) for row in rows.order_by("-sent_at", "-id")[:MANY]]

    def _earlier(self, row: QuoteRevision) -> Values:
        ended_at = row.answered_at or row.saved_at
        is_issued = row.issued_at is not None and row.issued_at <= self.at
        before = Status.ISSUED if is_issued else Status.PENDING_APPROVAL
        return {
            "on": today_of_vendor(row.sent_at) if row.sent_at else None,
            "status": str(row.status if ended_at <= self.at else before),
            "value": row.net,
            "discount": row.percent_off,
        }


MONEY = frozenset({"value", "list_value", "lines", "quotes", "sales"})


FINDERS: Mapping[str, Callable[[_Seen], Any]] = {
    "value": lambda seen: Money(seen.totals[1], seen.currency),
    "list_value": lambda seen: Money(seen.totals[0], seen.currency),
    "currency": lambda seen: seen.currency,
    "discount": lambda seen: rules.taken_off(*seen.totals),
    "special": lambda seen: max((line.special_percent for line in seen.lines), default=Decimal(0)),
    "margin": _Seen.margin,
    "below_floor": _Seen.below_floor,
    "valid_until": lambda seen: seen.revision.valid_until,
    "validity": lambda seen: Span(seen.today, seen.revision.valid_until) if seen.revision.valid_until else None,
    "revision": lambda seen: Decimal(seen.revision.number),
    "has_registration": lambda seen: seen.revision.quote.registration_id is not None,
    "is_protected": _Seen.is_protected,
    "certified_people": lambda seen: Decimal(certifications.certified_people(seen.revision.quote.partner, seen.today)),
    "customer_name": lambda seen: seen.revision.quote.customer_name,
    "customer_country": lambda seen: seen.revision.quote.customer_country or None,
    "customer_is_new": _Seen.customer_is_new,
    "customer_lists": _Seen.customer_lists,
    "lines": _Seen.each_line,
    "quotes": _Seen.quotes,
    "sales": lambda seen: known_deals.sales(seen.revision.quote.partner_id, seen.today),
}
