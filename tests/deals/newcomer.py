"""A vendor's list of 300 customers, made the same way each time: 60 companies, and others that are more or less them.

All names are invented. Each planted line says what it is planted as, and of which company.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEAD = ["Company", "Website", "VAT number", "Country", "City", "Account ID"]
FIRST = (
    *("Orlinda", "Veldhaven", "Kestrelworth", "Brannmark", "Tessivolt", "Quillhaven", "Marrowgate", "Sundelin"),
    *("Fjordheim", "Altenbrück", "Weißenfurt", "Grauwald", "Novantis", "Cerulanda", "Pembrick", "Ostervik"),
    *("Lindquell", "Harrowden", "Vexmoor", "Tollgrund"),
)
SECOND = ("Maritime Systems", "Foundries", "Precision Optics")
CITIES = ("Bremen", "Ulm", "Kassel", "Lübeck", "Rostock")


@dataclass(frozen=True)
class Planted:
    """A line of the list, and the line it is planted beside; `None` for a company that is like no other."""

    cells: list[str]
    kind: str = ""
    beside: int | None = None


def companies() -> list[list[str]]:
    """Sixty companies, each with a name, a website, a city and, every third, a tax number."""
    found = []
    for place, (first, second) in enumerate((a, b) for a in FIRST for b in SECOND):
        site = f"{plain(first)}-{plain(second.split()[0])}.example"
        tax = f"HRB {70000 + 37 * place}" if place % 3 == 0 else ""
        found.append([f"{first} {second} GmbH", site, tax, "DE", CITIES[place % len(CITIES)], f"A{place}"])
    return found


def plain(text: str) -> str:
    return text.lower().replace("ß", "ss").replace("ü", "u").replace("ö", "o")


# What is found, as the same or perhaps the same, or shown as related; each takes the cells of a company.
SAME: dict[str, Callable[[list[str]], list[str]]] = {
    "other legal form": lambda c: [c[0].replace("GmbH", "AG"), "", "", c[3], c[4]],
    "no legal form, capitals": lambda c: [c[0].removesuffix(" GmbH").upper(), "", "", c[3], c[4]],
    "a slip of the keyboard": lambda c: [_swapped(c[0]), "", "", c[3], c[4]],
    "other script or accents": lambda c: [plain(c[0]).title().replace("Gmbh", "GmbH"), "", "", c[3], c[4]],
    "joined words": lambda c: [c[0].replace(" ", "-", 1), "", "", c[3], c[4]],
    "other order": lambda c: [" ".join([*c[0].split()[1:-1], c[0].split()[0]]), "", "", c[3], c[4]],
    "abbreviation": lambda c: [_short(c[0]), "", "", c[3], c[4]],
    "same domain, other name": lambda c: [f"{c[4]} Beteiligungen", f"https://shop.{c[1]}/de", "", c[3], ""],
    "same tax number": lambda c: [f"{c[4]} Verwaltung", "", c[2] or "", c[3], ""],
}
RELATED: dict[str, Callable[[list[str]], list[str]]] = {
    "subsidiary": lambda c: [f"{c[0].removesuffix(' GmbH')} Logistik GmbH", "", "", c[3], c[4]],
    "sister in another country": lambda c: [c[0].replace("GmbH", "SAS"), "", "", "FR", "Lyon"],
    "acronym": lambda c: ["".join(word[0] for word in c[0].split()[:-1]), "", "", c[3], c[4]],
    "branch in another city": lambda c: [f"{c[0].removesuffix(' GmbH')} Niederlassung Passau", "", "", c[3], "Passau"],
}
NUMBERS = ("II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "14", "15", "16")
NUMBERED = "counted differently"  # no conflict with one another


def lines() -> list[Planted]:
    """Return the 300 lines in their order; the companies come first."""
    chance = random.Random(300)
    made = companies()
    found = [Planted(cells) for cells in made]
    kinds = [*SAME.items(), *RELATED.items()]
    for place in range(15 * len(kinds)):
        kind, change = kinds[place % len(kinds)]
        beside = (place * 7) % len(made)
        if kind in ("same tax number", "acronym"):  # of those that have one, and of names with three words
            beside -= beside % 3
        found.append(Planted([*change(made[beside]), f"B{place}"], kind, beside))
    for place, number in enumerate(NUMBERS):
        found.append(Planted([f"Tavrona Fonds {number}", "", "", "DE", "Ulm", f"N{place}"], NUMBERED))
    found += [Planted(cells) for cells in _strangers(chance, 300 - len(found))]
    return found


def _strangers(chance: random.Random, number: int) -> Iterator[list[str]]:
    """Companies that are like nobody."""
    syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "pha", "gri"]
    for place in range(number):
        name = "".join(chance.choice(syllables) for _ in range(4)).title()
        yield [
            f"{name} {chance.choice(('Kft.', 'Oy', 'ApS'))}",
            "",
            "",
            chance.choice(("HU", "FI", "DK")),
            "",
            f"C{place}",
        ]


def _swapped(name: str) -> str:
    return name[:3] + name[4] + name[3] + name[5:]


def _short(name: str) -> str:
    long_to_short = {"Systems": "Sys.", "Foundries": "Foundr.", "Precision": "Prec."}
    return " ".join(long_to_short.get(word, word) for word in name.removesuffix(" GmbH").split())
