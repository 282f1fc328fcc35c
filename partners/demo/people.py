"""The people of both vendors and of their partners: forty with the operator, one of them with both vendors.

Columns of the table: name, address, vendor, role, partner, language, `*` for those worth signing in as.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prm.accounts.roles import Role
from prm.demo import logins

TABLE = Path(__file__).with_name("tables") / "people.txt"


@dataclass(frozen=True)
class Person:
    """Somebody and what they are at one vendor."""

    name: str
    email: str
    vendor: str
    role: Role
    partner: str
    language: str
    sees_own_only: bool
    is_shown: bool


def _read(line: str) -> Person:
    name, email, vendor, role, partner, language, shown = (cell.strip() for cell in line.split("|"))
    role, _, sees = role.partition(" ")
    return Person(name, email, vendor, Role(role), partner, language, sees == "own", shown == "*")


INVITED = {
    "halyard": ("solveig.hansen@northlight.example", "Solveig Hansen", "oskar.nystrom@northlight.example"),
    "ostwerk": ("luca.bianchi@alpentech.example", "Luca Bianchi", "reto.aeschlimann@alpentech.example"),
}
PEOPLE = [_read(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
logins.show(*dict.fromkeys(person.email for person in PEOPLE if person.is_shown))


def at_vendor(vendor: str) -> list[Person]:
    """Return the vendor's own people."""
    return [person for person in PEOPLE if person.vendor == vendor and not person.partner]


def of_partner(vendor: str, partner: str) -> list[Person]:
    return [person for person in PEOPLE if person.vendor == vendor and person.partner == partner]
