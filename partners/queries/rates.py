"""Exchange rates that a vendor keeps, as those who compare amounts want them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partners.queries import programs
from prm.policies.evaluation import Rate

PLACES = Decimal("0.00000001")


def on(day: date) -> dict[tuple[str, str], Rate]:
    """Return the rates that the programme has for a day, from each currency to its own and back."""
    _version, terms = programs.in_force(day)
    found: dict[tuple[str, str], Rate] = {}
    for kept in sorted(terms.rates, key=lambda rate: rate.starts_on):
        if kept.starts_on <= day and kept.rate > 0:
            there, back = (kept.currency, terms.currency), (terms.currency, kept.currency)
            found[there] = Rate(*there, kept.rate, kept.starts_on)
            found[back] = Rate(*back, (1 / kept.rate).quantize(PLACES), kept.starts_on)
    return found
