"""The catalogue, the terms a vendor made for itself later, all deals, and the clock that watches over them.

Columns of the deals' tables: customer, website, country, city, tax number, contact, products, value in
thousands, and the plot with its days (see `plots.py`). The line in brackets names who registers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from deals.demo import catalog, plots
from deals.demo.deals import Deal
from deals.queries import due
from deals.rules.terms import AREA, Terms
from deals.services import protection, registrations
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.policies import versions

TABLES = Path(__file__).with_name("tables")
OPENED, FIRST_DEAL, RENEWED = 459, 400, 200  # days ago
RENEWED_TERMS = Terms(look_back_days=270, reminder_days=(30, 14, 7, 3, 1))


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    slug = scene.vendor.slug
    yield opening(scene, (TABLES / f"{slug}_catalog.txt").read_text(encoding="utf-8"))
    yield renewing_terms(scene)
    yield nights(scene)
    for deal in _read(scene, (TABLES / f"{slug}_deals.txt").read_text(encoding="utf-8")):
        yield plots.story_of(deal)


def opening(scene: Scene, table: str) -> Story:
    at = scene.at(scene.ago(OPENED), 9)
    yield at
    catalog.stock(table)


def renewing_terms(scene: Scene) -> Story:
    at = scene.at(scene.ago(RENEWED + 14), 14)
    yield at
    versions.publish(AREA, RENEWED_TERMS.body(), effective_on=scene.ago(RENEWED), at=at)


def nights(scene: Scene) -> Story:
    """Each night and morning the clock does what is due, as it does in a portal that runs."""
    for days in range(FIRST_DEAL, -1, -1):
        today = scene.ago(days)
        at = scene.at(today, 0, 5)
        yield at
        for row in due.ended(at):
            protection.expire(row, today=today, at=at)
        for row in due.unanswered(at):
            registrations.lapse(row, at=at)
        at = scene.at(today, 7, 5)
        yield at
        for row in due.to_be_reminded(at):
            protection.remind(row, today=today, at=at)


def _read(scene: Scene, table: str) -> Iterator[Deal]:
    seller = ""
    for line in filter(None, table.strip().splitlines()):
        if line.startswith("["):
            seller = line.strip("[]")
        else:
            yield Deal(scene, seller, *(cell.strip() for cell in line.split("|")))
