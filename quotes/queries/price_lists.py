"""Price lists as their keepers read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery

from deals.models import Product
from partners.enums import PartnerType
from partners.queries import partners
from prm.money import Money
from quotes.models import Price, PriceList, PriceListVersion, VolumeBreak
from quotes.rules.pricing import Break


@dataclass(frozen=True)
class Shelf:
    """A price list with its versions, the newest first, and where each stands on a day."""

    price_list: PriceList
    versions: list[PriceListVersion]
    today: date
    tier_names: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def audience(self) -> list[str]:
        """The types and tiers it is for, in words; none of them: for everybody."""
        types = [str(PartnerType(code).label) for code in self.price_list.types]
        return types + [self.tier_names[tier] for tier in self.price_list.tiers if tier in self.tier_names]

    @property
    def current(self) -> PriceListVersion | None:
        """The version that applies today."""
        return next((row for row in self.versions if is_in_force(row, self.today)), None)

    @property
    def next(self) -> PriceListVersion | None:
        """The published version that applies next."""
        coming = [row for row in self.versions if row.is_published and row.effective_from > self.today]
        return min(coming, key=lambda row: row.effective_from, default=None)

    @property
    def draft(self) -> PriceListVersion | None:
        return next((row for row in self.versions if not row.is_published), None)


def is_in_force(version: PriceListVersion, today: date) -> bool:
    """Say whether a version applies on a day."""
    if not version.is_published or version.effective_from is None or version.effective_from > today:
        return False
    return version.effective_until is None or version.effective_until >= today


def shelves(today: date) -> list[Shelf]:
    """Return all price lists in their order, in three questions."""
    lists = PriceList.objects.order_by("-is_active", "currency", "name", "id")
    rows = lists.prefetch_related(Prefetch("versions", queryset=versions()))
    names = _tier_names()
    return [Shelf(row, list(row.versions.all()), today, names) for row in rows]


def shelf(price_list: PriceList, today: date) -> Shelf:
    """Return one price list."""
    return Shelf(price_list, list(versions().filter(price_list=price_list)), today, _tier_names())


def _tier_names() -> dict[UUID, str]:
    return {tier.pk: tier.name for tier in partners.tiers()}


def versions() -> QuerySet[PriceListVersion]:
    """Return versions with the number of their prices, the newest first."""
    rows = PriceListVersion.objects.select_related("published_by", "saved_by")
    prices = Price.objects.filter(version=OuterRef("pk")).order_by().values("version")
    return rows.annotate(prices_count=Subquery(prices.annotate(n=Count("pk")).values("n"))).order_by("-number")


@dataclass(frozen=True)
class Priced:
    """What a version says of a product."""

    amount: Decimal
    breaks: tuple[Break, ...]
    cost: Decimal | None


def rows_of(version: PriceListVersion) -> dict[UUID, Priced]:
    """Return the prices of a version by product."""
    breaks = Prefetch("breaks", queryset=VolumeBreak.objects.order_by("from_quantity"))
    rows = Price.objects.filter(version=version).prefetch_related(breaks)
    return {
        row.product_id: Priced(
            row.amount, tuple(Break(found.from_quantity, found.amount) for found in row.breaks.all()), row.cost
        )
        for row in rows
    }


def products(*, also: set[UUID]) -> list[Product]:
    """Return what is sold, and what a version has a price for although it no longer is, family by family."""
    rows = Product.objects.select_related("family").order_by("family__position", "family__name", "name", "id")
    return [row for row in rows if row.pk in also or (row.is_active and row.family.is_active)]


@dataclass(frozen=True)
class Change:
    """A price that differs between two versions; none before is new, none after is taken off."""

    product: Product
    before: Priced | None
    after: Priced | None
    currency: str

    @property
    def was(self) -> Money | None:
        return Money(self.before.amount, self.currency) if self.before else None

    @property
    def now(self) -> Money | None:
        return Money(self.after.amount, self.currency) if self.after else None

    @property
    def percent(self) -> Decimal | None:
        """By how much of the old price the new one differs, of 100, to one decimal."""
        if self.before is None or self.after is None or not self.before.amount:
            return None
        share = (self.after.amount - self.before.amount) / self.before.amount * 100
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def tone(self) -> str:
        if self.before is None:
            return "info"
        if self.after is None:
            return "warn"
        if self.after.amount == self.before.amount:
            return ""
        return "bad" if self.after.amount > self.before.amount else "ok"


def differences(before: PriceListVersion | None, after: PriceListVersion) -> list[Change]:
    """Return what changes for partners from one version to another, in the order of the catalog. Costs stay inside."""
    old: Mapping[UUID, Priced] = rows_of(before) if before is not None else {}
    new = rows_of(after)
    differing = {pk for pk in old.keys() | new.keys() if _seen(old.get(pk)) != _seen(new.get(pk))}
    rows = Product.objects.filter(pk__in=differing).select_related("family")
    ordered = rows.order_by("family__position", "family__name", "name", "id")
    currency = after.price_list.currency
    return [Change(row, old.get(row.pk), new.get(row.pk), currency) for row in ordered]


def _seen(row: Priced | None) -> tuple[Decimal, tuple[Break, ...]] | None:
    return (row.amount, row.breaks) if row else None
