"""The partners of both vendors, and what they brought along into the programme.

Columns of the tables: name, type, below which distributor, country, city, website, channel manager, days since joining,
the tier it came with, and deals that it brought along or reported later: thousands, and how many days ago they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partners.enums import PartnerType

OPENED = 460  # days since both portals opened
ONBOARDING = 21  # somebody who joined less than so many days ago is still getting ready
SUSPENDED = {"ТОВ «Технопривод»": 35}  # and since how many days

TABLES = Path(__file__).with_name("tables")


@dataclass(frozen=True)
class Firm:
    """A partner as the table tells it."""

    name: str
    type: PartnerType
    distributor: str
    country: str
    city: str
    website: str
    manager: str
    joined: int
    tier: str
    reported: tuple[tuple[int, int], ...]


def of(vendor: str) -> list[Firm]:
    """Return the vendor's partners, distributors before those below them."""
    return [_read(line, vendor) for line in (TABLES / f"{vendor}_firms.txt").read_text(encoding="utf-8").splitlines()]


def _read(line: str, vendor: str) -> Firm:
    name, type_, distributor, country, city, website, manager, joined, tier, reported = (
        cell.strip() for cell in line.split("|")
    )
    deals = [deal.split("@") for deal in reported.split(", ") if deal]
    return Firm(
        name,
        PartnerType(type_),
        distributor,
        country,
        city,
        website,
        f"{manager}@{vendor}.example",
        int(joined),
        tier,
        tuple((int(thousands), int(days)) for thousands, days in deals),
    )
