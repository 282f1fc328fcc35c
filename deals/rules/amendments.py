"""What an amendment changes, and whether the vendor has to agree to it.

Facts are what can be amended of a registration, by name, as they are stored: see `deals.queries.amendments`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from deals.enums import Ground
from deals.rules.terms import Terms
from prm.custom_fields.definitions import PREFIX
from prm.money import Money

Facts = Mapping[str, Any]
WHOLE = 100

# What of a version's rules each fact answers; value, type and close date have terms of their own.
ANSWERS: Mapping[str, frozenset[str]] = {
    "source": frozenset({"source"}),
    "distributor": frozenset({"distributor", "names_distributor"}),
    "products": frozenset({"lines", "partner_is_incumbent"}),
    "starts_on": frozenset({"starts_on"}),
    "tender_published_on": frozenset({"tender_published_on", "is_tender"}),
    "letter_on": frozenset({"customer_letter"}),
    "activities": frozenset({"activities", "last_activity_on"}),
    "files": frozenset({"files", "customer_letter"}),
}
# By what a conflict case is decided, whatever the rules look at.
CONTESTED = frozenset({"type", "products", "value", "tender_published_on", "letter_on", "activities", "files"})


@dataclass(frozen=True)
class Change:
    """A fact, what it was and what it becomes."""

    field: str
    before: Any
    after: Any


def changes(before: Facts, after: Facts) -> tuple[Change, ...]:
    """Return what differs in the facts that are named in `after`."""
    return tuple(Change(name, before.get(name), value) for name, value in after.items() if before.get(name) != value)


def looked_at(asked: Collection[str]) -> frozenset[str]:
    """Return the facts that answer what rules ask, but for those that have terms of their own."""
    own = {name for name, questions in ANSWERS.items() if not questions.isdisjoint(asked)}
    return frozenset(own | {name for name in asked if name.startswith(PREFIX)})


def grounds(
    before: Facts,
    after: Facts,
    *,
    agreed: Money | None,
    protected_until: date | None,
    terms: Terms,
    looked_at: Collection[str] = (),
) -> tuple[Ground, ...]:
    """Say why the vendor has to agree before an approved deal is changed; nothing where the partner may by itself.

    `agreed` is the value that the vendor agreed to last, so that many small steps do not add up to a large one.
    `looked_at` are the facts that the pinned rules look at.
    """
    changed = {change.field: change.after for change in changes(before, after)}
    found = list(_grounds(changed, before, agreed=agreed, protected_until=protected_until, terms=terms))
    if not changed.keys().isdisjoint(looked_at):
        found.append(Ground.RULES)
    return tuple(found) if changed else ()


def _grounds(
    changed: Facts, before: Facts, *, agreed: Money | None, protected_until: date | None, terms: Terms
) -> Iterator[Ground]:
    if terms.amendment_all_decided:
        yield Ground.ALL
    value = value_in(changed)
    if value is not None and agreed is not None and value.currency != agreed.currency:
        yield Ground.CURRENCY
    elif value is not None and agreed is not None and value.amount > most(agreed, terms):
        yield Ground.VALUE
    if "products" in changed and families_in(changed) - families_in(before):
        yield Ground.PRODUCTS
    if terms.amendment_type_decided and "type" in changed:
        yield Ground.TYPE
    close_on = changed.get("close_on")
    if (
        terms.amendment_close_decided
        and protected_until
        and close_on
        and date.fromisoformat(close_on) > protected_until
    ):
        yield Ground.CLOSE


def most(agreed: Money, terms: Terms) -> Decimal:
    """Return how much a deal may become worth by its partner alone."""
    return agreed.amount * (WHOLE + terms.amendment_value_percent) / WHOLE


def value_in(facts: Facts) -> Money | None:
    """Return the value among facts, if it is there."""
    stored = facts.get("value")
    return Money(Decimal(stored[0]), stored[1]) if stored else None


def families_in(facts: Facts) -> frozenset[str]:
    """Return the product families among facts, by their ids."""
    return frozenset(row[0] for row in facts.get("products") or ())
