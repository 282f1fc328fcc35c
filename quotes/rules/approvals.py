"""Who has to approve a quote, and why: the vendor's discount ladder over lines and total.

What the price list, the tier and the registration give, the vendor has published already: nobody approves that again.
A line counts once a special discount is asked for it, and then with all it takes off the list price; so does the total
of a quote with such a line. Each rung of the ladder names who decides up to so many percent, the last without a limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Rung:
    """Who decides on discounts up to so many percent; nobody has to on the free rung."""

    up_to: Decimal | None
    role: str


class Cause(StrEnum):
    """What a step is asked for."""

    LINE = "line"
    TOTAL = "total"


@dataclass(frozen=True)
class Priced:
    """A line as the ladder looks at it: its whole amounts, at list price and as quoted."""

    key: str
    name: str
    quantity: Decimal
    at_list: Decimal
    net: Decimal
    special_percent: Decimal = Decimal(0)

    @property
    def percent(self) -> Decimal:
        return taken_off(self.at_list, self.net)


@dataclass(frozen=True)
class Reason:
    """One discount that somebody has to approve."""

    cause: Cause
    percent: Decimal
    over: Decimal  # what could have been given without this step
    key: str = ""
    name: str = ""
    quantity: Decimal = Decimal(0)
    special_percent: Decimal = Decimal(0)

    def covers(self, other: Reason) -> bool:
        """Say whether who approved this also approved the other: the same thing, and no more taken off."""
        is_same = (self.cause, self.key, self.quantity) == (other.cause, other.key, other.quantity)
        return is_same and other.percent <= self.percent and other.special_percent <= self.special_percent

    def body(self) -> dict[str, str]:
        """Return the reason as it is stored."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Reason:
        numbers = {name: Decimal(body[name]) for name in ("percent", "over", "quantity", "special_percent")}
        return cls(cause=Cause(body["cause"]), key=body["key"], name=body["name"], **numbers)


@dataclass(frozen=True)
class Step:
    """A decision of somebody with a role, about one or more discounts."""

    role: str
    reasons: tuple[Reason, ...]

    @property
    def highest(self) -> Decimal:
        return max(reason.percent for reason in self.reasons)

    def covers(self, other: Step) -> bool:
        """Say whether a decision about this step still answers the other, whatever else has become of the quote."""
        return all(any(mine.covers(theirs) for mine in self.reasons) for theirs in other.reasons)


@dataclass(frozen=True)
class Outlook:
    """What a quote needs as it is now, given what was approved before."""

    steps: tuple[Step, ...]  # all that the ladder asks for
    kept: frozenset[str]  # roles whose approval still holds
    stale: frozenset[str]  # roles whose approval was about something else
    missing: tuple[Step, ...] = field(default=())  # what would have to be asked

    @property
    def may_issue(self) -> bool:
        return not self.missing


def taken_off(at_list: Decimal, net: Decimal) -> Decimal:
    """Return the discount in percent of the list price, to the hundredth; nothing off nothing, and no surcharges."""
    if at_list <= 0 or net >= at_list:
        return Decimal(0)
    return ((at_list - net) * 100 / at_list).quantize(HUNDREDTH, ROUND_HALF_UP)


def rung_of(percent: Decimal, ladder: Sequence[Rung]) -> tuple[Rung, Decimal]:
    """Return the rung on which a discount stands, and where the one below it ends."""
    below = Decimal(0)
    for rung in ladder:
        if rung.up_to is None or percent <= rung.up_to:
            return rung, below
        below = rung.up_to
    return ladder[-1], below


def steps(lines: Iterable[Priced], ladder: Sequence[Rung]) -> tuple[Step, ...]:
    """Return the steps that a quote asks for, the highest rung last; none if nothing special is on it."""
    found: dict[str, list[Reason]] = {}
    for reason in _reasons(list(lines)):
        rung, below = rung_of(reason.percent, ladder)
        if rung.role:
            found.setdefault(rung.role, []).append(replace(reason, over=below))
    order = [rung.role for rung in ladder]
    return tuple(Step(role, tuple(found[role])) for role in dict.fromkeys(order) if role in found)


def outlook(wanted: Sequence[Step], approved: Iterable[Step]) -> Outlook:
    """Compare what a quote needs with what was approved: only a step that the change touched is asked for again."""
    by_role = {step.role: step for step in approved}
    kept = {step.role for step in wanted if step.role in by_role and by_role[step.role].covers(step)}
    return Outlook(
        steps=tuple(wanted),
        kept=frozenset(kept),
        stale=frozenset(step.role for step in wanted if step.role in by_role) - kept,
        missing=tuple(step for step in wanted if step.role not in kept),
    )


def may_decide(role: str, step: str, ladder: Sequence[Rung]) -> bool:
    """Say whether a role may decide a step: its own, or one of a rung below its own."""
    order = list(dict.fromkeys(rung.role for rung in ladder if rung.role))
    return role in order and step in order and order.index(role) >= order.index(step)


def decidable_by(role: str, ladder: Sequence[Rung]) -> frozenset[str]:
    """Return the steps that a role may decide."""
    return frozenset(rung.role for rung in ladder if rung.role and may_decide(role, rung.role, ladder))


def is_own(requested_by: Collection[object], decider: object) -> bool:
    """Say whether somebody would decide on what they asked for themselves."""
    return decider in requested_by


def _reasons(lines: Sequence[Priced]) -> Iterable[Reason]:
    special = [line for line in lines if line.special_percent > 0]
    for line in special:
        yield Reason(Cause.LINE, line.percent, Decimal(0), line.key, line.name, line.quantity, line.special_percent)
    if special and len(lines) > 1:
        at_list, net = sum((line.at_list for line in lines), Decimal(0)), sum((line.net for line in lines), Decimal(0))
        yield Reason(Cause.TOTAL, taken_off(at_list, net), Decimal(0))
