"""Quotes that partners of the demo are writing: on a registration or without one, fresh or overtaken by new prices.

Columns of the tables: who writes, since how many days, for which customer, the discount asked with its reason, and by
how many percent the partner's own price is above the net. Without a registration the products stand at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from deals.demo import catalog
from deals.models import Registration
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from quotes.models import QuoteLine, QuoteRevision
from quotes.services import quotes
from quotes.services.quotes import Content, Line

TABLES = Path(__file__).with_name("tables")


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    table = (TABLES / f"{scene.vendor.slug}_drafts.txt").read_text(encoding="utf-8")
    for line in table.strip().splitlines():
        yield writing(scene, [cell.strip() for cell in line.split("|")])


def writing(scene: Scene, cells: list[str]) -> Story:
    """Somebody starts a quote, asks for a discount, and enters the own price."""
    seller, days, customer, discount, above, products = cells
    at = scene.at(scene.workday(scene.ago(int(days))), 14, 20)
    yield at
    by = scene.member(seller)
    registration = registration_of(customer, by.partner_id) if not products else None
    revision = quotes.start(
        currency=currency_of(scene),
        by=by,
        at=at,
        registration=registration,
        customer={} if registration else {"customer_name": customer},
    )
    percent, _blank, reason = discount.partition(" ")
    lines = [
        replace(line, special_percent=Decimal(percent or 0), special_reason=reason)
        for line in (typed(products) if products else quotes.lines_as_kept(revision))
    ]
    revision = quotes.save(revision, Content(lines=lines), by=by, at=at)
    if above:
        ask(revision, Decimal(above), by, at)


def ask(revision: QuoteRevision, above: Decimal, by: object, at: datetime) -> None:
    """Enter the partner's own prices, so many percent above what it pays."""
    nets = dict(QuoteLine.objects.filter(revision=revision).values_list("pk", "net_unit"))
    lines = [
        replace(line, resale=(nets[line.key] * (100 + above) / 100).quantize(Decimal(1), ROUND_HALF_UP))
        for line in quotes.lines_as_kept(revision)
    ]
    quotes.save(revision, Content(lines=lines), by=by, at=at)  # type: ignore[arg-type]


def registration_of(customer: str, partner_id: object) -> Registration:
    rows = Registration.objects.quotable().filter(customer_name=customer, partner_id=partner_id)
    return rows.order_by("-submitted_at")[0]


def typed(products: str) -> list[Line]:
    return [Line(line.product, line.quantity or 1) for line in catalog.lines(products) if line.product is not None]


def currency_of(scene: Scene) -> str:
    return {"halyard": "EUR", "ostwerk": "CHF"}[scene.vendor.slug]
