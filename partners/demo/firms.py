"""The partners of both vendors, and how far they have come in the programme.

Columns of the tables: name, type, below which distributor, country, city, website, channel manager, days since joining,
and the tiers with the days since each began.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from partners.enums import PartnerType

PROGRAMS = {
    "halyard": ("Halyard Compass", ("Registered", "Silver", "Gold", "Platinum")),
    "ostwerk": ("Ostwerk Fachpartner", ("Basis", "Fachpartner", "Premium")),
}
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
    tiers: tuple[tuple[str, int], ...]


def of(vendor: str) -> list[Firm]:
    """Return the vendor's partners, distributors before those below them."""
    return [_read(line, vendor) for line in (TABLES / f"{vendor}_firms.txt").read_text(encoding="utf-8").splitlines()]


def _read(line: str, vendor: str) -> Firm:
    name, type_, distributor, country, city, website, manager, joined, tiers = (c.strip() for c in line.split("|"))
    steps = [step.rsplit(" ", 1) for step in tiers.split(", ") if step]
    return Firm(
        name,
        PartnerType(type_),
        distributor,
        country,
        city,
        website,
        f"{manager}@{vendor}.example",
        int(joined),
        tuple((tier, int(days)) for tier, days in steps),
    )
