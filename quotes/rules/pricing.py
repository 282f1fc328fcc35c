"""What a line costs, step by step from the list to the net, so that each can be explained and computed again.

Prices between the list and the net keep every decimal. Rounding happens, half-up, at two points: the net price of
one unit, to the decimals of its currency, and the tax on the whole. A line is unit by quantity, a total is a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Any

from prm.money import Money
from quotes.enums import StepKind
from quotes.rules.terms import Terms

# Four discounts of two decimals on a price of four make twenty decimals; anything that were lost would raise.
EXACT = Context(prec=60, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
LARGEST = Decimal(10) ** 14  # what one line may come to
HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Break:
    """The price of one unit from a quantity on."""

    from_quantity: int
    amount: Decimal


@dataclass(frozen=True)
class ListPrice:
    """What one unit costs in a version of a price list, and from which quantities on it costs less."""

    amount: Decimal
    breaks: tuple[Break, ...] = ()

    def break_for(self, quantity: int) -> Break | None:
        """Return the break of the highest quantity that is reached."""
        reached = [row for row in self.breaks if row.from_quantity <= quantity]
        return max(reached, key=lambda row: row.from_quantity, default=None)


@dataclass(frozen=True)
class Basis:
    """Everything but the line itself that a price depends on; ids name the versions that the steps will point to."""

    currency: str
    terms: Terms
    terms_id: str = ""
    terms_number: int = 0
    prices_id: str = ""
    prices_number: int = 0
    price_list: str = ""
    tier_name: str = ""
    tier_percent: Decimal = ZERO
    program_version: int = 0
    registration: str = ""  # its number, where the quote stands on one that is protected
    families: frozenset[str] = frozenset()  # that the registration protects
    registration_percent: Decimal | None = None  # that a rule gave this registration, in place of the usual one


@dataclass(frozen=True)
class Step:
    """One step: what it took off one unit, as a percentage or an amount, and the facts of its sentence."""

    kind: StepKind
    before: Decimal
    after: Decimal
    percent: Decimal | None = None
    amount: Decimal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""


@dataclass(frozen=True)
class Priced:
    """A line with its price; `unit` and `total` are net."""

    steps: tuple[Step, ...]
    quantity: int
    currency: str

    @property
    def list_unit(self) -> Money:
        return Money(self.steps[0].after, self.currency)

    @property
    def unit(self) -> Money:
        return Money(self.steps[-1].after, self.currency)

    @property
    def list_total(self) -> Money:
        return Money(EXACT.multiply(self.list_unit.amount, Decimal(self.quantity)), self.currency)

    @property
    def total(self) -> Money:
        return Money(EXACT.multiply(self.unit.amount, Decimal(self.quantity)), self.currency)

    @property
    def is_too_large(self) -> bool:
        """Say whether the line comes to more than can be kept."""
        return self.list_total.amount >= LARGEST


@dataclass(frozen=True)
class Totals:
    """What a quote comes to."""

    list_price: Money
    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax

    @property
    def saved(self) -> Money:
        return self.list_price - self.net


def price(
    listed: ListPrice, quantity: int, basis: Basis, *, family: str = "", special_percent: Decimal = ZERO
) -> Priced:
    """Return the price of so many units: the list price, the discounts in the order of the terms, the net."""
    facts = {"price_list": basis.price_list, "version": basis.prices_number}
    steps = [
        Step(StepKind.LIST, listed.amount, listed.amount, amount=listed.amount, facts=facts, rule_id=basis.prices_id)
    ]
    for kind in basis.terms.order:
        taken = _discount(kind, listed, quantity, basis, family, special_percent)
        if taken is not None:
            before = steps[-1].after
            steps.append(Step(kind, before, _after(before, taken.percent, taken.amount), **vars(taken)))
    exact = steps[-1].after
    steps.append(Step(StepKind.NET, exact, Money(exact, basis.currency).rounded().amount))
    return Priced(tuple(steps), quantity, basis.currency)


def recompute(steps: Collection[Step], quantity: int, currency: str) -> Priced:
    """Return the price that stored steps lead to, computed from what each took off, not from what it left."""
    found: list[Step] = []
    for step in steps:
        before = found[-1].after if found else step.amount or ZERO
        match step.kind:
            case StepKind.LIST:
                after = before
            case StepKind.NET:
                after = Money(before, currency).rounded().amount
            case _:
                after = _after(before, step.percent, step.amount)
        found.append(Step(step.kind, before, after, step.percent, step.amount, step.facts, step.rule_id))
    return Priced(tuple(found), quantity, currency)


def totals(lines: Iterable[Priced], currency: str, *, tax_percent: Decimal = ZERO) -> Totals:
    """Return the sums of the lines, and the tax on the net."""
    nothing = Money(ZERO, currency)
    net, list_price = nothing, nothing
    for line in lines:
        net, list_price = net + line.total, list_price + line.list_total
    return Totals(list_price, net, Money(_share(net.amount, tax_percent), currency).rounded())


@dataclass(frozen=True)
class _Taken:
    percent: Decimal | None = None
    amount: Decimal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""


def _discount(
    kind: StepKind, listed: ListPrice, quantity: int, basis: Basis, family: str, special_percent: Decimal
) -> _Taken | None:
    """Return what a discount takes off, or nothing where it does not apply."""
    terms = basis.terms
    under_terms = {"version": basis.terms_number}
    if kind == StepKind.VOLUME and listed.breaks:
        reached = listed.break_for(quantity)
        if reached is None:
            return None
        facts = {"from_quantity": reached.from_quantity, "price_list": basis.price_list, "version": basis.prices_number}
        return _Taken(amount=reached.amount - listed.amount, facts=facts, rule_id=basis.prices_id)
    if kind == StepKind.VOLUME:
        rule = terms.volume_for(quantity)
        facts = {"from_quantity": rule.from_quantity, **under_terms} if rule else {}
        return _of(rule.percent if rule else ZERO, facts, basis.terms_id)
    if kind == StepKind.TIER:
        return _of(basis.tier_percent, {"tier": basis.tier_name, "version": basis.program_version})
    if kind == StepKind.REGISTRATION and basis.registration and family in basis.families:
        if basis.registration_percent is not None:
            return _of(basis.registration_percent, {"registration": basis.registration, "by_rule": True})
        return _of(terms.registration_percent, {"registration": basis.registration, **under_terms}, basis.terms_id)
    if kind == StepKind.SPECIAL:
        return _of(special_percent, under_terms, basis.terms_id)
    return None


def _of(percent: Decimal, facts: Mapping[str, Any], rule_id: str = "") -> _Taken | None:
    return _Taken(percent=percent, facts=facts, rule_id=rule_id) if percent else None


def _after(before: Decimal, percent: Decimal | None, amount: Decimal | None) -> Decimal:
    """Return what is left of a price; an amount never takes off more than there is."""
    if percent is not None:
        return EXACT.subtract(before, _share(before, percent))
    return max(ZERO, EXACT.add(before, amount or ZERO))


def _share(amount: Decimal, percent: Decimal) -> Decimal:
    return EXACT.multiply(amount, percent.scaleb(-2, EXACT))
