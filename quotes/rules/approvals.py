"""Who has to agree before a quote can be issued, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from quotes.rules.terms import Terms


class Reason(StrEnum):
    """Why somebody is asked; the sentences are templates."""

    DISCOUNT = "discount"
    MARGIN = "margin"


@dataclass(frozen=True)
class Line:
    """What the ladder looks at: the discount asked, what was agreed before, and the margin where it is known."""

    name: str
    percent: Decimal
    agreed: Decimal = Decimal(0)
    margin: Decimal | None = None  # of 100; nothing where the vendor keeps no cost


@dataclass(frozen=True)
class Need:
    """A role that has to agree, and the facts that make it so."""

    role: str
    reasons: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)


def needed(lines: Iterable[Line], terms: Terms) -> Need | None:
    """Return who has to agree to a quote, or nothing where the partner is free to offer it.

    The highest rung that any line stands on decides: whoever may agree to 40 % need not ask who may agree to 25 %.
    A discount that was agreed before on the same product, up to its size, is not asked for again.
    """
    reasons, rank = [], 0
    roles = [rung.role for rung in terms.ladder]
    for line in lines:
        rung = terms.rung_for(line.percent)
        if rung.role and line.percent > line.agreed:
            reasons.append({"code": Reason.DISCOUNT.value, "line": line.name, "percent": str(line.percent)})
            rank = max(rank, roles.index(rung.role))
        if terms.margin_floor is not None and line.margin is not None and line.margin < terms.margin_floor:
            reasons.append({"code": Reason.MARGIN.value, "line": line.name})
            rank = len(roles) - 1
    return Need(roles[rank], tuple(reasons)) if reasons else None
