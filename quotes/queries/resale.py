"""What the customer pays. A sales agent quotes at the vendor's price; others ask their own, which stays private."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from partners.enums import PartnerType
from partners.models import Partner
from prm.money import Money
from quotes.models import QuoteLine, QuoteRevision, ResalePrice

AT_VENDORS_PRICE = (PartnerType.SALES_AGENT, PartnerType.REFERRAL)


@dataclass(frozen=True)
class Asked:
    """A line at the price the customer pays."""

    line: QuoteLine
    unit: Money

    @property
    def total(self) -> Money:
        return self.unit * self.line.quantity


@dataclass(frozen=True)
class Offer:
    """All lines at the customer's prices, with the tax on their sum."""

    lines: list[Asked]
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax


def sells_itself(partner: Partner) -> bool:
    """Say whether the partner sells in its own name, at its own prices."""
    return partner.type not in AT_VENDORS_PRICE


def offer_of(revision: QuoteRevision, lines: Iterable[QuoteLine]) -> Offer:
    """Return what the customer is offered; a partner without a price of its own offers the list price.

    For the partner's own people and for the customer: the vendor's people see no resale price, so they get another sum.
    """
    lines, currency = list(lines), revision.quote.currency
    own = {}
    if sells_itself(revision.quote.partner):
        rows = ResalePrice.objects.filter(line__revision=revision).values_list("line_id", "unit_amount")
        own = {line.pk: line.list_unit for line in lines} | dict(rows)
    asked = [Asked(line, Money(own.get(line.pk, line.net_unit), currency).rounded()) for line in lines]
    net = sum((row.total for row in asked), Money(Decimal(0), currency))
    tax = (net * (revision.tax_percent / 100)).rounded()
    return Offer(asked, net, tax)
