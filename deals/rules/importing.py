"""What a line of somebody's list of customers says, whatever its columns are called, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deals.enums import Problem
from prm.companies import domain_key, name_key, tax_key

LONGEST = {
    "name": 200, "other_name": 200, "website": 253, "tax_id": 60, "country": 60, "state": 120, "city": 120,
    "postcode": 20, "address": 200, "phone": 60, "external_id": 80,
}  # fmt: skip
HEADINGS = {
    "name": "name company customer account accountname companyname customername organisation organization firma "
    "firmenname kunde kundenname unternehmen nom societe raisonsociale nombre empresa",
    "other_name": "othername othernames alias shortname formername anderername kurzname",
    "website": "website web url domain homepage webseite internet siteweb sitio",
    "tax_id": "taxnumber taxid vat vatid vatnumber registernumber registrationnumber companynumber ustid ustidnr "
    "steuernummer handelsregister taxorregisternumber steueroderregisternummer siren nif",
    "country": "country countrycode land landkreis pays pais",
    "state": "state province region bundesland stateorprovince",
    "city": "city town ort stadt ville ciudad",
    "postcode": "postcode postalcode zip zipcode plz codepostal",
    "address": "address street strasse adresse anschrift rue direccion",
    "phone": "phone telephone telefon tel telefono",
    "external_id": "id externalid accountid customerid crmid kundennummer customernumber accountnumber number nummer",
}
_FIELDS = {word: name for name, words in HEADINGS.items() for word in words.split()}
_NOT_LETTERS = re.compile(r"[\W_]+")
_IP = re.compile(r"^(?:\w+://)?(?:[^/@]*@)?(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of the list: its number there, what it says of a customer, and why it cannot be taken over."""

    number: int
    facts: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None


def guess(head: Sequence[str]) -> list[str]:
    """Return for each column which field its heading seems to mean; nothing for one that means none, or one again."""
    found: list[str] = []
    for cell in head:
        name = _FIELDS.get(_NOT_LETTERS.sub("", _plain(cell)), "")
        found.append("" if name in found else name)
    return found


def read(number: int, cells: Sequence[str], columns: Sequence[str], countries: Mapping[str, str], country: str) -> Line:
    """Return what a line says; `countries` are codes by their names in lower case, `country` is that of most lines."""
    facts = {name: _clean(cell) for name, cell in zip(columns, cells, strict=False) if name}
    if any(len(value) > LONGEST[name] for name, value in facts.items()):
        cut = {name: value[: LONGEST[name]] for name, value in facts.items()}
        return Line(number, cut, Problem.TOO_LONG)
    said = facts.get("country", "")
    code = countries.get(said.casefold(), "") if said else country
    facts["country"] = code or said
    return Line(number, facts, _problem(facts, is_country_known=bool(code)))


def _problem(facts: Mapping[str, str], *, is_country_known: bool) -> Problem | None:
    name, website = facts.get("name", ""), facts.get("website", "")
    if not name:
        return Problem.NO_NAME
    if not name_key(name, "XX"):
        return Problem.NO_LETTERS
    if not is_country_known:
        return Problem.UNKNOWN_COUNTRY
    if website and (_IP.match(website) or not domain_key(website)):
        return Problem.NO_WEBSITE
    if facts.get("tax_id") and not tax_key(facts["tax_id"], facts["country"]):
        return Problem.NO_NUMBER
    return None


def _clean(cell: str) -> str:
    """Return a cell in one line, without what nobody sees."""
    seen = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cf", "Zl", "Zp") else " " for c in cell)
    return " ".join(seen.split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text.strip().casefold()).encode("ascii", "ignore").decode()
