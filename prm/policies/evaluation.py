"""Whether a condition holds for the facts of a record, and why.

There are three answers: it holds, it fails, or it cannot be said because something is missing (Kleene's logic). A
missing fact never counts as no, and amounts of two currencies are never compared without a rate. The trace has the
shape of the condition and carries what was found at each place, so that the answer can be followed and kept.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from prm.money import Money
from prm.policies import values
from prm.policies.conditions import (
    WITHOUT_VALUE,
    Comparison,
    Condition,
    Each,
    Group,
    How,
    Junction,
    Operator,
    Other,
    Total,
    about,
)
from prm.policies.fields import Collection, Field, Kind
from prm.policies.periods import WEEKDAYS, Calendar, Duration
from prm.policies.values import WrongFact


class Outcome(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    MISSING = "missing"


HOLDS, FAILS, MISSING = Outcome


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was worth in another on a day."""

    source: str
    target: str
    rate: Decimal
    on: date


@dataclass(frozen=True)
class Facts:
    """What is known of a record: values by the name of their field, of a collection the facts of each thing in it."""

    values: Mapping[str, Any]
    today: date
    calendar: Calendar = WEEKDAYS
    rates: Mapping[tuple[str, str], Rate] = field(default_factory=dict)  # by source and target
    things: dict[str, list[Facts]] = field(default_factory=dict, init=False, repr=False, compare=False)

    checked: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, about: Field) -> Any:
        """Return a fact; a page of rules asks for the same one many times, and it is checked once."""
        if about.name not in self.checked:
            self.checked[about.name] = values.fact(about, self.values.get(about.name))
        return self.checked[about.name]

    def each(self, collection: Collection) -> list[Facts] | None:
        """Return the facts of each thing in a collection, nothing if they are not known."""
        if collection.name not in self.things:
            found = self.values.get(collection.name)
            if found is None:
                return None
            if not isinstance(found, Sequence) or not all(isinstance(item, Mapping) for item in found):
                raise WrongFact(f"{collection.name} is a list of facts")
            self.things[collection.name] = [Facts(item, self.today, self.calendar, self.rates) for item in found]
        return self.things[collection.name]


@dataclass(frozen=True)
class Missing:
    """What would have to be known: a fact, all of a collection, or the rate from one currency to another."""

    about: Field | Collection
    rate: tuple[str, str] | None = None


class Trace(NamedTuple):
    """The answer for one condition. Of a comparison, what was found; of a group or collection, one trace for each.

    A tuple, because a page of rules makes thousands of them.
    """

    condition: Condition
    outcome: Outcome
    actual: Any = None
    other: Any = None  # the fact that it was compared with
    missing: tuple[Missing, ...] = ()
    rates: tuple[Rate, ...] = ()  # those that were used
    parts: tuple[Trace, ...] = ()
    title: str = ""  # which thing of a collection it is about

    @property
    def holds(self) -> bool:
        return self.outcome is HOLDS

    def deciding(self) -> Iterator[Trace]:
        """Yield the comparisons that made the answer what it is."""
        if not self.parts:
            yield self
        wanted = self.outcome
        if not isinstance(self.condition, Comparison) and self.condition.junction == Junction.NONE:
            wanted = {HOLDS: FAILS, FAILS: HOLDS, MISSING: MISSING}[wanted]
        for part in self.parts:
            if part.outcome is wanted:
                yield from part.deciding()


def evaluate(condition: Condition, facts: Facts) -> Trace:
    """Return whether a condition holds, with all its parts: also those that did not matter any more."""
    if isinstance(condition, Comparison):
        return _comparison(condition, facts)
    if isinstance(condition, Group):
        return _joined(condition, tuple([evaluate(part, facts) for part in condition.parts]))
    each = facts.each(condition.collection)
    if each is None:
        return Trace(condition, MISSING, missing=(Missing(condition.collection),))
    return _joined(condition, tuple([_titled(condition, item) for item in each]))


def join(junction: Junction, outcomes: Sequence[Outcome], least: int) -> Outcome:
    """Return what parts say together: it holds or fails only if what is missing cannot change that."""
    held = outcomes.count(HOLDS)
    possible = len(outcomes) - outcomes.count(FAILS)
    match junction:
        case Junction.ALL:
            least = len(outcomes)
        case Junction.ANY:
            least = 1
        case Junction.NONE:
            return FAILS if held else MISSING if possible else HOLDS
    return HOLDS if held >= least else MISSING if possible >= least else FAILS


def _joined(condition: Group | Each, parts: tuple[Trace, ...]) -> Trace:
    outcome = join(condition.junction, [part.outcome for part in parts], condition.least)
    missing = _once(gap for part in parts for gap in part.missing) if outcome is MISSING else ()
    return Trace(condition, outcome, missing=missing, parts=parts)


def _titled(each: Each, facts: Facts) -> Trace:
    found = evaluate(each.condition, facts)
    title = facts.values.get(each.collection.named_by)
    return found._replace(title=str(title)) if title else found


def _comparison(comparison: Comparison, facts: Facts) -> Trace:
    subject, operator, value = comparison.subject, comparison.operator, comparison.value
    if subject.kind in AS_THEY_ARE and type(subject) is Field and (test := TESTS.get(operator)):
        actual = facts.of(subject)
        if actual is not None and type(value) is not Other:  # the usual case, in a third of the time
            return Trace(comparison, HOLDS if test(actual, value) else FAILS, actual)
    exchange = _Exchange(facts)
    other = None
    if isinstance(value, Other):
        other = facts.of(value.field)
        if other is None:
            exchange.lacks(Missing(value.field))
        value = other
    if isinstance(subject, Field):
        actual = facts.of(subject)
    else:
        actual = None if exchange.missing else _total(subject, _currency(value), facts, exchange)
    if operator in WITHOUT_VALUE:
        is_met = (actual is None) is (operator is Operator.NOT_GIVEN)
        return Trace(comparison, HOLDS if is_met else FAILS, actual)
    if actual is None and isinstance(subject, Field):
        exchange.lacks(Missing(subject))
    is_met = not exchange.missing and _is_met(comparison, actual, value, exchange)
    if exchange.missing:
        return Trace(comparison, MISSING, actual, other, _once(exchange.missing), exchange.used)
    return Trace(comparison, HOLDS if is_met else FAILS, actual, other, (), exchange.used)


class _Exchange:
    """Brings amounts into one currency, and keeps by which rates and which it would have needed."""

    missing: tuple[Missing, ...] = ()
    used: tuple[Rate, ...] = ()

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def lacks(self, *missing: Missing) -> None:
        self.missing += missing

    def amount(self, money: Money, currency: str, about: Field) -> Decimal:
        """Return an amount in a currency; what it returns after noting that the rate is missing means nothing."""
        if money.currency == currency:
            return money.amount
        rate = self.facts.rates.get((money.currency, currency))
        if rate is None:
            self.lacks(Missing(about, (money.currency, currency)))
            return Decimal(0)
        if rate not in self.used:
            self.used += (rate,)
        return money.amount * rate.rate


# -- comparing -------------------------------------------------------------------------------------------
TESTS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: op.eq,
    Operator.IS_NOT: op.ne,
    Operator.OVER: op.gt,
    Operator.AT_LEAST: op.ge,
    Operator.UNDER: op.lt,
    Operator.AT_MOST: op.le,
    Operator.ONE_OF: lambda actual, among: actual in among,
    Operator.NONE_OF: lambda actual, among: actual not in among,
    Operator.HAS_ANY: lambda actual, wanted: not wanted.isdisjoint(actual),
    Operator.HAS_ALL: lambda actual, wanted: wanted.issubset(actual),
    Operator.HAS_NONE: lambda actual, wanted: wanted.isdisjoint(actual),
    Operator.CONTAINS: lambda actual, text: text in actual,
    Operator.STARTS_WITH: lambda actual, text: actual.startswith(text),
}


AS_THEY_ARE = frozenset((Kind.NUMBER, Kind.CHOICE, Kind.BOOLEAN, Kind.PERCENT, Kind.CHOICES, Kind.LISTS))


def _is_met(comparison: Comparison, actual: Any, value: Any, exchange: _Exchange) -> bool:
    if comparison.operator is Operator.BETWEEN:
        low, high = (_sides(comparison.subject, actual, end, exchange) for end in value)
        return TESTS[Operator.AT_LEAST](*low) and TESTS[Operator.AT_MOST](*high)
    return TESTS[comparison.operator](*_sides(comparison.subject, actual, value, exchange))


def _sides(subject: Field | Total, actual: Any, value: Any, exchange: _Exchange) -> tuple[Any, Any]:
    """Return both sides as they can be compared: amounts in one currency, durations counted, texts folded."""
    facts, kind = exchange.facts, subject.kind
    if kind in AS_THEY_ARE:
        return actual, value
    match kind:
        case Kind.MONEY:
            return exchange.amount(actual, value.currency, about(subject)), value.amount
        case Kind.DAY if isinstance(value, Duration):
            return actual, value.from_day(facts.today, facts.calendar)
        case Kind.DURATION:
            return actual.compared(value, facts.calendar), 0
        case Kind.TEXT if isinstance(value, frozenset):
            return folded(actual), frozenset(map(folded, value))
        case Kind.TEXT:
            return folded(actual), folded(value)
    return actual, value


def folded(text: str) -> str:
    """Return a text as it is compared: without regard to capitals and to how many spaces there are."""
    return " ".join(text.casefold().split())


def _currency(value: Any) -> str:
    first = value[0] if isinstance(value, tuple) else value
    return first.currency if isinstance(first, Money) else ""


# -- totals ----------------------------------------------------------------------------------------------
def _total(total: Total, currency: str, facts: Facts, exchange: _Exchange) -> Any:
    """Return the figure, or nothing after noting what is missing for it."""
    counted = _counted(total, facts, exchange)
    if counted is None or exchange.missing:
        return None
    if total.field is None:
        return Decimal(len(counted))
    found = [item.of(total.field) for item in counted]
    if None in found:
        exchange.lacks(Missing(total.field))
        return None
    if total.how is How.DISTINCT:
        return Decimal(len({folded(name) if total.field.kind == Kind.TEXT else name for name in found}))
    if total.kind == Kind.MONEY:
        found = [exchange.amount(money, currency, total.field) for money in found]
    if total.how is How.HIGHEST and not found:
        exchange.lacks(Missing(total.collection))
    if exchange.missing:
        return None
    figure = max(found) if total.how is How.HIGHEST else sum(found, Decimal(0))
    return Money(figure, currency) if total.kind == Kind.MONEY else figure


def _counted(total: Total, facts: Facts, exchange: _Exchange) -> list[Facts] | None:
    """Return the things that a total is about."""
    each = facts.each(total.collection)
    if each is None:
        exchange.lacks(Missing(total.collection))
        return None
    if total.window:
        period = total.window.days(facts.today)
        dated_by = total.collection.catalogue.field[total.collection.dated_by]
        days = [(item, item.of(dated_by)) for item in each]
        if any(day is None for _item, day in days):
            exchange.lacks(Missing(dated_by))
        each = [item for item, day in days if day is not None and day in period]
    if total.where is None:
        return each
    traces = [(item, evaluate(total.where, item)) for item in each]
    for _item, trace in traces:
        exchange.lacks(*trace.missing)
    return [item for item, trace in traces if trace.holds]


def _once(missing: Iterable[Missing]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(missing))


# -- as it is stored -------------------------------------------------------------------------------------
def body_of(trace: Trace) -> dict[str, Any]:
    """Return a trace as it is stored: beside the version of the rules, which has the condition."""
    body: dict[str, Any] = {"outcome": str(trace.outcome)}
    for name, found in (("actual", trace.actual), ("other", trace.other)):
        if found is not None:
            body[name] = values.body_of(found)
    if trace.title:
        body["title"] = trace.title
    if trace.missing:
        body["missing"] = [[gap.about.name, *(gap.rate or ())] for gap in trace.missing]
    if trace.rates:
        body["rates"] = [[rate.source, rate.target, str(rate.rate), rate.on.isoformat()] for rate in trace.rates]
    if trace.parts:
        body["parts"] = [body_of(part) for part in trace.parts]
    return body


def read(body: Mapping[str, Any], condition: Condition) -> Trace:
    """Read a stored trace of a condition."""
    outcome, stored = Outcome(body["outcome"]), body.get("parts", [])
    if not isinstance(condition, Comparison) and stored:
        of = condition.parts if isinstance(condition, Group) else [condition.condition] * len(stored)
        parts = tuple(read(part, inner) for part, inner in zip(stored, of, strict=True))
        return _joined(condition, parts)._replace(outcome=outcome, title=body.get("title", ""))
    known = {named.name: named for named in _named(condition)}
    found: dict[str, Any] = {}
    if isinstance(condition, Comparison):
        found = {
            name: values.fact_from(about(condition.subject), body[name]) for name in ("actual", "other") if name in body
        }
    return Trace(
        condition,
        outcome,
        missing=tuple(Missing(known[name], (*rate,) or None) for name, *rate in body.get("missing", [])),
        rates=tuple(
            Rate(source, target, Decimal(rate), date.fromisoformat(on))
            for source, target, rate, on in body.get("rates", [])
        ),
        title=body.get("title", ""),
        **found,
    )


def _named(condition: Condition) -> Iterator[Field | Collection]:
    """Yield everything that one condition is about."""
    subject = condition.subject if isinstance(condition, Comparison) else condition
    if isinstance(subject, Field):
        yield subject
    elif isinstance(subject, Total | Each):
        yield subject.collection
        yield from subject.collection.fields
    if isinstance(condition, Comparison) and isinstance(condition.value, Other):
        yield condition.value.field
