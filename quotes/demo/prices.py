"""The price lists of the demo, version after version, and the terms of quotes.

The tables begin with the lists: name, currency, for which type of partner, and by how many percent the prices of each
version differ from the figures below, with the days ago from which on it applies (a negative number is to come).
Then come the products: SKU, price, prices for quantities, and what it costs the vendor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from deals.models import Product
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.policies import versions
from quotes.models import PriceList, PriceListVersion
from quotes.rules.pricing import Break
from quotes.rules.terms import AREA, Tax, Terms, Volume
from quotes.services import price_lists
from quotes.services.price_lists import Row

TABLES = Path(__file__).with_name("tables")
RENEWED = 210  # days ago
SENT_OUT = 12  # days before new prices apply
# Lists whose next version an administrator has begun, and by how much its first prices differ from the table.
DRAFTED = {"Halyard distributors": Decimal(-5), "Preisliste Deutschland und Österreich": Decimal(5)}
TERMS = {
    "halyard": Terms(
        taxes=(Tax("VAT Germany", Decimal(19)), Tax("VAT Sweden", Decimal(25)), Tax("VAT Austria", Decimal(20))),
        volumes=(Volume(20, Decimal(1)), Volume(100, Decimal(2))),
        margin_floor=Decimal(20),
    ),
    "ostwerk": Terms(
        taxes=(Tax("MWST", Decimal("8.1")),),
        registration_percent=Decimal(4),
        margin_floor=Decimal(25),
    ),
}


@dataclass(frozen=True)
class Good:
    """A product of the table with its figures."""

    sku: str
    price: Decimal
    breaks: tuple[Break, ...]
    cost: Decimal

    def priced(self, percent: Decimal) -> Row:
        """Return its row in a version that is so many percent dearer."""
        breaks = tuple(Break(found.from_quantity, _dearer(found.amount, percent)) for found in self.breaks)
        return Row(_dearer(self.price, percent), breaks, self.cost)


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    heads, goods = _read((TABLES / f"{scene.vendor.slug}_prices.txt").read_text(encoding="utf-8"))
    yield renewing_terms(scene)
    for head in heads:
        yield publishing(scene, head, goods)


def renewing_terms(scene: Scene) -> Story:
    at = scene.at(scene.ago(RENEWED + 10), 15)
    yield at
    body = TERMS[scene.vendor.slug].body()
    versions.publish(AREA, body, effective_on=scene.ago(RENEWED), at=at)


def publishing(scene: Scene, head: list[str], goods: list[Good]) -> Story:
    """A list begins, and each version follows the one before; the last one is still to come, or a draft."""
    name, currency, types, history = head
    version: PriceListVersion | None = None
    for entry in history.split(", "):
        days, percent = entry.split(" ")
        starts_on = scene.ago(int(days))
        at = scene.at(scene.workday(scene.ago(max(1, int(days) + (SENT_OUT if version else 0)))), 10, 40)
        yield at
        version = _next(scene, version, [name, currency, types], at)
        products = {product.sku: product.pk for product in Product.objects.all()}
        rows = {products[good.sku]: good.priced(Decimal(percent)) for good in goods}
        version = price_lists.save_prices(version, rows, revision=version.revision, by=None, at=at)
        version = price_lists.publish(
            version, effective_from=starts_on, revision=version.revision, today=starts_on, by=None, at=at
        )
    if name in DRAFTED:
        yield scene.at(scene.workday(scene.ago(2)), 11, 15)
        _begin_the_next(scene, version, goods, DRAFTED[name])


def _next(scene: Scene, version: PriceListVersion | None, head: list[str], at: object) -> PriceListVersion:
    if version is not None:
        return price_lists.draft(version.price_list, by=None, at=at)  # type: ignore[arg-type]
    name, currency, types = head
    made = price_lists.add(name, currency, types=types.split(), tiers=[], by=None, at=at)  # type: ignore[arg-type]
    return PriceListVersion.objects.select_related("price_list").get(price_list=made)


def _begin_the_next(scene: Scene, version: PriceListVersion | None, goods: list[Good], percent: Decimal) -> None:
    """Leave a draft behind in which a few prices are changed."""
    assert version is not None
    at = scene.at(scene.workday(scene.ago(2)), 11, 15)
    draft = price_lists.draft(PriceList.objects.get(pk=version.price_list_id), by=None, at=at)
    products = {product.sku: product.pk for product in Product.objects.all()}
    rows = {products[good.sku]: good.priced(percent) for good in goods[:4]}
    price_lists.save_prices(draft, rows, revision=draft.revision, by=None, at=at)


def _read(table: str) -> tuple[list[list[str]], list[Good]]:
    head, _blank, body = table.strip().partition("\n\n")
    lists = [[cell.strip() for cell in line.split("|")] for line in head.splitlines()]
    return lists, [_good(*(cell.strip() for cell in line.split("|"))) for line in body.splitlines()]


def _good(sku: str, price: str, breaks: str, cost: str) -> Good:
    pairs = [pair.split(": ") for pair in breaks.split(", ") if pair]
    return Good(sku, Decimal(price), tuple(Break(int(n), Decimal(unit)) for n, unit in pairs), Decimal(cost))


def _dearer(amount: Decimal, percent: Decimal) -> Decimal:
    """Return the amount so many percent higher, rounded as price lists are: above a hundred to whole units."""
    step = Decimal(1) if amount >= 100 else Decimal("0.05")
    return (amount * (100 + percent) / 100 / step).quantize(Decimal(1), ROUND_HALF_UP) * step
