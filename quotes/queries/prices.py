"""The prices a partner buys at. Price lists are the vendor's own: a partner is told its own prices and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch

from deals.models import Product
from partners.models import Partner
from partners.queries import benefits
from prm.tenancy.context import seeing_all_partners
from quotes.models import Price, PriceListVersion, QuoteLine, VolumeBreak
from quotes.rules import approvals, price_lists
from quotes.rules.price_lists import Offer
from quotes.rules.pricing import Break, ListPrice


def offered_to(partner: Partner, on: date) -> dict[str, PriceListVersion]:
    """Return the version in force of the list that a partner buys from, for each currency that has one."""
    with seeing_all_partners():
        rows = PriceListVersion.objects.in_force(on).filter(price_list__is_active=True).select_related("price_list")
        versions = {str(row.pk): row for row in rows}
    tier_id = benefits.held_by(partner, on).tier_id if any(row.price_list.tiers for row in versions.values()) else ""
    found = {}
    for currency in sorted({row.price_list.currency for row in versions.values()}):
        offers = [_offer(key, row) for key, row in versions.items() if row.price_list.currency == currency]
        closest = price_lists.closest(offers, type_=partner.type, tier_id=tier_id)
        if closest is not None:
            found[currency] = versions[closest.id]
    return found


def _offer(key: str, version: PriceListVersion) -> Offer:
    row = version.price_list
    return Offer(key, row.name, frozenset(row.types), frozenset(str(tier) for tier in row.tiers))


def version_of(pk: UUID) -> PriceListVersion:
    """Return the version that a revision is priced from, with its list."""
    with seeing_all_partners():
        return PriceListVersion.objects.select_related("price_list").get(pk=pk)


def of_products(version_id: UUID, products: Iterable[UUID]) -> dict[UUID, ListPrice]:
    """Return the price of each of these products that a version has one for."""
    with seeing_all_partners():
        breaks = Prefetch("breaks", queryset=VolumeBreak.objects.order_by("from_quantity"))
        rows = Price.objects.filter(version_id=version_id, product_id__in=set(products)).prefetch_related(breaks)
        return {row.product_id: _listed(row) for row in rows}


def costs_of(version_id: UUID, products: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Return what each of these products costs the vendor itself, where it keeps that. For its own people and rules."""
    with seeing_all_partners():
        rows = Price.objects.filter(version_id=version_id, product_id__in=set(products), cost__isnull=False)
        return {row.product_id: row.cost for row in rows}


def margin_of_total(lines: Sequence[QuoteLine], costs: Mapping[UUID, Decimal]) -> Decimal | None:
    """Return the margin of a whole quote, in percent of its net; nothing unless every cost is known."""
    if not lines or any(line.product_id not in costs for line in lines):
        return None
    net = sum((line.net_total for line in lines), Decimal(0))
    return approvals.margin_of(net, sum((costs[line.product_id] * line.quantity for line in lines), Decimal(0)))


def _listed(row: Price) -> ListPrice:
    return ListPrice(row.amount, tuple(Break(found.from_quantity, found.amount) for found in row.breaks.all()))


def sellable(version_id: UUID) -> list[Product]:
    """Return what a partner can quote: products that are sold and available, with a price in the version."""
    with seeing_all_partners():
        priced = set(Price.objects.filter(version_id=version_id).values_list("product_id", flat=True))
    rows = Product.objects.filter(is_active=True, is_available=True, family__is_active=True).select_related("family")
    return [row for row in rows.order_by("family__position", "name", "id") if row.pk in priced]
