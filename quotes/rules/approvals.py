"""Who has to approve a quote, and why: the discount ladder over lines and total, the margin floor, and steps of rules.

What the price list, the tier and the registration give, the vendor has published already: nobody approves that again.
So the ladder looks at the special discount of each line. A vendor may have it count everything off the list price
instead, on lines with a special discount and on the total of a quote with such a line; a total of special discounts
alone never stands higher than its lines. Each rung of the ladder names who decides up to so many percent.

Whoever changes prices asks `outlook` what is to be approved now, and gives it what was approved before: only what the
change touched is asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from quotes.enums import Counted
from quotes.rules.terms import Rung, Terms

HUNDREDTH = Decimal("0.01")
ZERO = Decimal(0)


class Cause(StrEnum):
    """What a step is asked for; the sentences are templates."""

    LINE = "line"
    TOTAL = "total"
    MARGIN = "margin"
    RULE = "rule"  # a rule of the vendor names the step; `key` stands for all that the step looks at


@dataclass(frozen=True)
class Line:
    """A line as the ladder looks at it: its whole amounts, at list price and as quoted."""

    key: str
    name: str
    quantity: int
    at_list: Decimal
    net: Decimal
    special_percent: Decimal = ZERO
    margin: Decimal | None = None  # of 100; nothing where the vendor keeps no cost

    @property
    def percent(self) -> Decimal:
        return taken_off(self.at_list, self.net)

    def counting(self, counted: Counted) -> Decimal:
        """Return the discount that the ladder looks at."""
        return self.special_percent if counted == Counted.SPECIAL else self.percent


@dataclass(frozen=True)
class Reason:
    """One thing that somebody has to approve."""

    cause: Cause
    percent: Decimal  # for a margin always off the list price: partners see the reasons, and must not learn a cost
    over: Decimal = ZERO  # what could have been given without this step
    key: str = ""
    name: str = ""
    quantity: int = 0
    special_percent: Decimal = ZERO
    counted: Counted = Counted.EVERYTHING  # what `percent` is of; reasons kept before vendors could choose do not say

    def covers(self, other: Reason) -> bool:
        """Say whether who approved this also approved the other: the same thing, and no more given away."""
        is_same = (self.cause, self.key, self.quantity) == (other.cause, other.key, other.quantity)
        return is_same and other.percent <= self.percent and other.special_percent <= self.special_percent

    def body(self) -> dict[str, Any]:
        """Return the reason as it is stored: decimals are text, so that none becomes a float."""
        return {name: str(v) if isinstance(v, Decimal | Cause | Counted) else v for name, v in asdict(self).items()}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Reason:
        decimals = {name: Decimal(body[name]) for name in ("percent", "over", "special_percent")}
        codes = {"cause": Cause(body["cause"]), "counted": Counted(body.get("counted", Counted.EVERYTHING))}
        return cls(**{**body, **codes, **decimals})


@dataclass(frozen=True)
class Step:
    """A decision of somebody with a role, about one or more discounts, or one that a rule asks for.

    `key` and `name` are those of the step in the rules; steps of the ladder have a role instead.
    """

    role: str
    reasons: tuple[Reason, ...]
    key: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        return self.key or self.role


@dataclass(frozen=True)
class Outlook:
    """What a quote needs as it is now, given what was approved before."""

    steps: tuple[Step, ...] = ()  # all that the ladder asks for, the lowest rung first
    missing: tuple[Step, ...] = ()  # those that would have to be asked
    stale: frozenset[str] = frozenset()  # ids of those whose approval was about something else
    refusal: str = ""  # the code of the reason for which rules refuse it

    @property
    def is_clear(self) -> bool:
        return not self.missing and not self.refusal


def foremost(steps: Iterable[Step]) -> Reason | None:
    """Return the reason with the highest discount that was counted; one for its margin only if there is no other."""
    reasons = [reason for step in steps for reason in step.reasons if reason.cause != Cause.RULE]
    return max(reasons, key=lambda reason: (reason.cause != Cause.MARGIN, reason.percent), default=None)


def taken_off(at_list: Decimal, net: Decimal) -> Decimal:
    """Return the discount in percent of the list price, to the hundredth; nothing off nothing, and no surcharges."""
    if at_list <= 0 or net >= at_list:
        return ZERO
    return ((at_list - net) * 100 / at_list).quantize(HUNDREDTH, ROUND_HALF_UP)


def margin_of(net: Decimal, cost: Decimal | None) -> Decimal | None:
    """Return what is left to the vendor of a price, in percent of it; nothing where no cost is known."""
    if cost is None or net <= 0:
        return None
    return ((net - cost) * 100 / net).quantize(HUNDREDTH, ROUND_HALF_UP)


def steps(lines: Iterable[Line], terms: Terms) -> tuple[Step, ...]:
    """Return the steps that a quote asks for, the lowest rung first; none if nothing special is on it."""
    found: dict[str, list[Reason]] = {}
    for reason in _reasons(list(lines), terms):
        rung, over = _rung_of(reason, terms)
        if rung.role:
            found.setdefault(rung.role, []).append(replace(reason, over=over))
    return tuple(Step(role, tuple(found[role])) for role in terms.roles if role in found)


def outlook(wanted: Sequence[Step], approved: Iterable[Step]) -> Outlook:
    """Compare what a quote needs with what was approved: only a step that a change touched is asked for again.

    Whoever approved more approved less, so a reason may be covered by the step of a higher rung.
    """
    approved = list(approved)
    given = [reason for step in approved for reason in step.reasons]
    missing = tuple(step for step in wanted if not all(any(r.covers(need) for r in given) for need in step.reasons))
    ids = {step.id for step in approved}
    return Outlook(tuple(wanted), missing, frozenset(step.id for step in missing if step.id in ids))


def decidable_by(role: str, terms: Terms) -> frozenset[str]:
    """Return whose steps a role may decide: its own, and those of the rungs below."""
    order = terms.roles
    return frozenset(order[: order.index(role) + 1]) if role in order else frozenset()


def _rung_of(reason: Reason, terms: Terms) -> tuple[Rung, Decimal]:
    """Return the rung a reason stands on, and what nobody of this rung would have had to approve."""
    if reason.cause == Cause.MARGIN:
        return terms.ladder[-1], ZERO
    rung = terms.rung_for(reason.percent)
    below = [lower.up_to for lower in terms.ladder[: terms.ladder.index(rung)]]
    return rung, max(below, default=ZERO)


def _reasons(lines: Sequence[Line], terms: Terms) -> Iterable[Reason]:
    special = [line for line in lines if line.special_percent > 0]
    for line in special:
        facts: dict[str, Any] = {
            "key": line.key,
            "name": line.name,
            "quantity": line.quantity,
            "special_percent": line.special_percent,
        }
        yield Reason(Cause.LINE, line.counting(terms.counted), **facts, counted=terms.counted)
        if terms.margin_floor is not None and line.margin is not None and line.margin < terms.margin_floor:
            yield Reason(Cause.MARGIN, line.percent, **facts)
    if terms.counted == Counted.EVERYTHING and special and len(lines) > 1:
        at_list, net = sum((line.at_list for line in lines), ZERO), sum((line.net for line in lines), ZERO)
        yield Reason(Cause.TOTAL, taken_off(at_list, net))
