"""The vendor's terms for quotes: one published version, pinned by each revision that is priced under it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import pairwise
from typing import Any

from prm.policies.shapes import decimal, many, names, text, whole, word
from prm.policies.values import Problem
from quotes.enums import Counted, StepKind

AREA = "quotes.terms"
DISCOUNTS = (StepKind.VOLUME, StepKind.TIER, StepKind.REGISTRATION, StepKind.SPECIAL)
ROLES = ("", "channel_manager", "admin", "executive")
PERCENT = decimal(0, 100)
SHAPE = names(
    {
        "validity_days": whole(1, 365),
        "decision_business_days": whole(1, 30),
        "answer_days": whole(1, 366),
        "appeal_days": whole(0, 366),
        "appeal_business_days": whole(1, 60),
        "reminder_days": many(whole(1, 366)),
        "order": many(word(tuple(map(str, DISCOUNTS))), len(DISCOUNTS), len(DISCOUNTS)),
        "registration_percent": PERCENT,
        "volumes": many(names({"from_quantity": whole(2, 999_999), "percent": PERCENT}, ("from_quantity", "percent"))),
        "largest_special": PERCENT,
        "ladder": many(names({"up_to": PERCENT, "role": word(ROLES)}, ("up_to", "role")), len(ROLES), len(ROLES)),
        "counted": word(Counted.values),
        "margin_floor": decimal(0, 100, may_be_nothing=True),
        "taxes": many(names({"name": text(60, may_be_empty=False), "percent": PERCENT}, ("name", "percent"))),
    }
)


@dataclass(frozen=True)
class Rung:
    """Up to which discount, as the terms count it, a role may agree; without a role nobody has to."""

    up_to: Decimal
    role: str = ""


@dataclass(frozen=True)
class Volume:
    """What everybody saves from a quantity on, where a price has no prices for quantities of its own."""

    from_quantity: int
    percent: Decimal


@dataclass(frozen=True)
class Tax:
    name: str
    percent: Decimal


LADDER = (
    Rung(Decimal(10)),
    Rung(Decimal(25), "channel_manager"),
    Rung(Decimal(40), "admin"),
    Rung(Decimal(100), "executive"),
)


@dataclass(frozen=True)
class Terms:
    """Percentages are of 100. The defaults are the product's."""

    validity_days: int = 30
    decision_business_days: int = 2
    answer_days: int = 10
    appeal_days: int = 14  # none means that no refusal can be appealed
    appeal_business_days: int = 3
    reminder_days: tuple[int, ...] = (7, 1)
    order: tuple[StepKind, ...] = DISCOUNTS
    registration_percent: Decimal = Decimal(5)
    volumes: tuple[Volume, ...] = ()
    largest_special: Decimal = Decimal(60)
    ladder: tuple[Rung, ...] = LADDER
    counted: Counted = Counted.SPECIAL
    margin_floor: Decimal | None = None
    taxes: tuple[Tax, ...] = ()

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Terms:
        """Read a stored version; terms that it does not mention keep their defaults."""
        readers: dict[str, Callable[[Any], Any]] = {
            "reminder_days": tuple,
            "order": lambda kinds: tuple(StepKind(kind) for kind in kinds),
            "registration_percent": Decimal,
            "largest_special": Decimal,
            "margin_floor": lambda floor: None if floor is None else Decimal(floor),
            "volumes": lambda rows: tuple(Volume(row["from_quantity"], Decimal(row["percent"])) for row in rows),
            "ladder": lambda rows: tuple(Rung(Decimal(row["up_to"]), row["role"]) for row in rows),
            "counted": Counted,
            "taxes": lambda rows: tuple(Tax(row["name"], Decimal(row["percent"])) for row in rows),
        }
        if "ladder" in body and "counted" not in body:  # kept before vendors could choose
            body = {**body, "counted": Counted.EVERYTHING}
        known = [field.name for field in fields(cls) if field.name in body]
        return cls(**{name: readers.get(name, int)(body[name]) for name in known})

    def body(self) -> dict[str, Any]:
        """Return the terms as they are stored: decimals are text, so that none becomes a float."""
        return {
            "validity_days": self.validity_days,
            "decision_business_days": self.decision_business_days,
            "answer_days": self.answer_days,
            "appeal_days": self.appeal_days,
            "appeal_business_days": self.appeal_business_days,
            "reminder_days": list(self.reminder_days),
            "order": [kind.value for kind in self.order],
            "registration_percent": str(self.registration_percent),
            "volumes": [{"from_quantity": row.from_quantity, "percent": str(row.percent)} for row in self.volumes],
            "largest_special": str(self.largest_special),
            "ladder": [{"up_to": str(rung.up_to), "role": rung.role} for rung in self.ladder],
            "counted": self.counted.value,
            "margin_floor": None if self.margin_floor is None else str(self.margin_floor),
            "taxes": [{"name": tax.name, "percent": str(tax.percent)} for tax in self.taxes],
        }

    def volume_for(self, quantity: int) -> Volume | None:
        """Return the rule of the highest quantity that is reached."""
        reached = [row for row in self.volumes if row.from_quantity <= quantity]
        return max(reached, key=lambda row: row.from_quantity, default=None)

    def rung_for(self, percent: Decimal) -> Rung:
        """Return the rung of the ladder that a discount stands on; above the last one it is the last."""
        return next((rung for rung in self.ladder if percent <= rung.up_to), self.ladder[-1])

    @property
    def roles(self) -> tuple[str, ...]:
        """Return whom the ladder names, the lowest first."""
        return tuple(dict.fromkeys(rung.role for rung in self.ladder if rung.role))

    @property
    def free_up_to(self) -> Decimal:
        """Return up to which discount, as the terms count it, nobody has to be asked."""
        return max((rung.up_to for rung in self.ladder if not rung.role), default=Decimal(0))

    def tax_named(self, name: str) -> Tax | None:
        """Return a tax of the table, or nothing for exempt."""
        return next((tax for tax in self.taxes if tax.name == name), None)

    def reminder_due(self, days_left: int, already: int | None) -> int | None:
        """Return the reminder that is due so many days before the end, unless it or a later one was sent."""
        mark = min((day for day in self.reminder_days if days_left <= day), default=None)
        return mark if mark is not None and (already is None or mark < already) else None


def problems_of(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps a body from being published."""
    found = list(SHAPE(body, ()))
    yield from found
    if found:
        return
    terms = Terms.from_body(body)
    if len(set(terms.order)) < len(DISCOUNTS):
        yield Problem(("order",), "ascending")
    roles = tuple(rung.role for rung in terms.ladder)
    if roles != ROLES or any(lower.up_to >= higher.up_to for lower, higher in pairwise(terms.ladder)):
        yield Problem(("ladder",), "ascending")
