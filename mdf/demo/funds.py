"""Two funds per vendor: one whose year is over, with what lapsed, and one that partners use now.

Columns of the tables: a fund is its name, summary, first and last day in days ago, budget, share, smallest and largest
request; below it, a partner and its amount on each line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid5

from mdf.models import FundAllocation, FundProgram
from mdf.queries import terms
from mdf.services import allocations, forfeitures, funds
from mdf.services.allocations import Grant
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS

TABLES = Path(__file__).with_name("tables")
SOON = (30, 14, 7, 1)


@dataclass
class Told:
    """A fund as the table tells it."""

    name: str
    summary: str
    starts: int
    ends: int
    budget: Decimal
    share: Decimal
    least: Decimal | None
    most: Decimal | None
    grants: list[tuple[str, Decimal]] = field(default_factory=list)


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    for told in of(scene.vendor.slug):
        yield opening(scene, told)
        yield ending(scene, told)


def opening(scene: Scene, told: Told) -> Story:
    """An administrator sets the fund up, opens it, and gives partners their shares."""
    yield scene.at(scene.ago(told.starts + 12), 10)
    by, at = _admin(), scene.at(scene.ago(told.starts + 12), 10)
    standard = terms.current(scene.ago(told.starts))[1]
    values = {
        "name": told.name,
        "summary": told.summary,
        "starts_on": scene.ago(told.starts),
        "ends_on": scene.ago(told.ends),
        "currency": VENDORS[scene.vendor.slug][1]["currency"],
        "share_percent": told.share,
        "request_minimum": told.least,
        "request_maximum": told.most,
        "lead_days": standard.lead_days,
        "claim_days": standard.claim_days,
    }
    fund = funds.draft(values, told.budget, by=by, at=at)
    at = scene.at(scene.ago(told.starts + 9), 15)
    yield at
    fund = funds.open_fund(fund, by=by, at=at)
    grants = [Grant(Partner.objects.get(name=name), amount) for name, amount in told.grants]
    allocations.allocate(fund, grants, source=uuid5(fund.pk, "allocation"), by=by, at=at)


def ending(scene: Scene, told: Told) -> Story:
    """In the last weeks the clock reminds, after the last day it closes the fund; one partner gets some of it back."""
    for days in SOON:
        at = scene.at(scene.ago(told.ends + days), 7, 5)
        yield at
        for share in FundAllocation.objects.filter(fund__name=told.name):
            forfeitures.remind(share, at=at)
    at = scene.at(scene.ago(told.ends - 1), 0, 5)
    yield at
    fund = FundProgram.objects.get(name=told.name)
    funds.close_ended(fund, at=at)
    at = scene.after(at, 6)
    yield at
    share = FundAllocation.objects.filter(fund=fund).order_by("id").first()
    note = "The fair was moved by its organizer." if _is_english(scene) else "Die Messe wurde vom Veranstalter verlegt."
    until, source = scene.ago(told.ends) + timedelta(days=60), uuid5(fund.pk, "reinstatement")
    forfeitures.reinstate(share, Decimal(500), until=until, note=note, source=source, by=_admin(), at=at)
    at = scene.at(until + timedelta(days=1), 0, 5)
    yield at
    forfeitures.forfeit(share, at=at)


def of(vendor: str) -> list[Told]:
    """Return a vendor's funds, in the order of their time."""
    found: list[Told] = []
    for line in (TABLES / f"{vendor}_funds.txt").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 2:
            found[-1].grants.append((cells[0], Decimal(cells[1])))
        elif len(cells) == 8:
            name, summary, starts, ends, budget, share, least, most = cells
            least_most = (_limit(least), _limit(most))
            found.append(Told(name, summary, int(starts), int(ends), Decimal(budget), Decimal(share), *least_most))
    return found


def _limit(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def _admin() -> Membership:
    return Membership.objects.select_related("user").filter(role=Role.ADMIN).order_by("joined_at", "id")[0]


def _is_english(scene: Scene) -> bool:
    return VENDORS[scene.vendor.slug][1]["language"] == "en"
