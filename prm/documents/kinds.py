"""Which documents there are. Each app tells of its own.

kind("quotes.offer", template="quotes/documents/offer.html", file_name="offer", label=_("Offer"))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS: dict[str, Kind] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of document: its template, how its files are called and how people call it."""

    code: str
    template: str
    file_name: str
    label: Any


def kind(code: str, *, template: str, file_name: str, label: Any) -> Kind:
    """Tell of a kind of document. The template gets `facts`, `letterhead` and `document`."""
    KINDS[code] = Kind(code, template, file_name, label)
    return KINDS[code]
