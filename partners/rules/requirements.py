"""What a tier asks of a partner, and whether a partner meets it on a day, with everything that justifies the answer.

Requirements are a tree: groups of which all, any or at least so many parts have to be met, and needs that compare
one figure with a target. The result is a tree of the same shape. Money in another currency is shown, and counts
only where the vendor's programme has an exchange rate for its day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from partners.enums import Counting, Junction, Metric, RequirementState, WindowKind
from partners.rules.records import Entry, Record, same
from partners.rules.windows import WITH_LENGTH, Window
from prm.policies.periods import DAY, Period

WINDOWED = (Metric.REVENUE, Metric.WON_DEALS, Metric.REGISTRATIONS, Metric.FIGURE)
WITH_FAMILY = (Metric.REVENUE, Metric.WON_DEALS, Metric.REGISTRATIONS)
LABELED = (Metric.FIGURE, Metric.CONFIRMED)
FORESIGHT = 366  # days ahead that are searched for the day on which something lapses


@dataclass(frozen=True)
class Need:
    """One figure and the least it has to be. Which of the scopes apply follows from the metric."""

    id: str
    metric: Metric
    target: Decimal = Decimal(1)
    window: Window = field(default_factory=Window)
    family: str = ""
    role: str = ""
    certification: str = ""
    label: str = ""
    counting: Counting = Counting.SUM


@dataclass(frozen=True)
class Group:
    """Requirements of which all, any or `least` have to be met; an empty group asks nothing."""

    id: str
    junction: Junction = Junction.ALL
    least: int = 1
    parts: tuple[Node, ...] = ()

    @property
    def wanted(self) -> int:
        """Return how many parts have to be met."""
        if not self.parts:
            return 0
        return {Junction.ALL: len(self.parts), Junction.ANY: 1}.get(self.junction, self.least)


Node = Need | Group


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth in the programme's, from a day on."""

    currency: str
    starts_on: date
    rate: Decimal


@dataclass(frozen=True)
class Measure:
    """In what revenue is counted, and how far ahead a requirement is looked after."""

    currency: str
    rates: tuple[Rate, ...] = ()
    horizon: int = 60

    def worth(self, amount: Decimal, currency: str, on: date) -> Decimal | None:
        """Return an amount in the programme's currency, nothing without a rate for its day."""
        if currency == self.currency:
            return amount
        known = [rate for rate in self.rates if rate.currency == currency and rate.starts_on <= on]
        return amount * max(known, key=lambda rate: rate.starts_on).rate if known else None


@dataclass(frozen=True)
class Result:
    """Whether a requirement holds on a day, whether it still will, and whether it could if more were known."""

    node: Node
    holds: bool
    will_hold: bool
    could_hold: bool
    value: Decimal = Decimal(0)
    period: Period | None = None
    lapses_on: date | None = None
    waived_until: date | None = None
    uncounted: tuple[tuple[str, Decimal], ...] = ()  # revenue in currencies without a rate
    parts: tuple[Result, ...] = ()

    @property
    def state(self) -> RequirementState:
        if self.waived_until and self.holds:
            return RequirementState.WAIVED
        if self.holds:
            return RequirementState.MET if self.will_hold else RequirementState.AT_RISK
        return RequirementState.MISSING if self.could_hold else RequirementState.UNMET

    @property
    def is_group(self) -> bool:
        return isinstance(self.node, Group)

    @property
    def target(self) -> Decimal:
        return self.node.target if isinstance(self.node, Need) else Decimal(self.node.wanted)

    @property
    def gap(self) -> Decimal:
        """Return what is missing to the target."""
        return max(Decimal(0), self.target - self.value)

    @property
    def met(self) -> int:
        """Return how many parts of a group hold."""
        return sum(part.holds for part in self.parts)

    def needs(self) -> Iterator[Result]:
        """Yield the results of all needs below, or itself."""
        if not self.is_group:
            yield self
        for part in self.parts:
            yield from part.needs()

    def shortfalls(self) -> list[Result]:
        """Return the needs that keep it from holding; none if it holds."""
        if self.holds:
            return []
        return [need for part in self.parts for need in part.shortfalls()] if self.is_group else [self]

    def weak(self) -> list[Result]:
        """Return the needs by which it will cease to hold."""
        if self.will_hold or not self.holds:
            return []
        if not self.is_group:
            return [self]
        return [need for part in self.parts for need in part.weak()]


def evaluate(node: Node, record: Record, *, on: date, measure: Measure) -> Result:
    """Return whether a partner meets a requirement on a day; what happened after the day does not count."""
    result = _group(node, record, on, measure) if isinstance(node, Group) else _need(node, record, on, measure)
    until = record.waived_until(on, node.id)
    if until is None:
        return result
    is_waived_later = until >= on + timedelta(days=measure.horizon)
    return Result(
        **(_fields(result) | {"holds": True, "will_hold": is_waived_later or result.will_hold, "waived_until": until})
    )


def _group(group: Group, record: Record, on: date, measure: Measure) -> Result:
    parts = tuple(evaluate(part, record, on=on, measure=measure) for part in group.parts)
    return Result(
        group,
        holds=sum(part.holds for part in parts) >= group.wanted,
        will_hold=sum(part.will_hold for part in parts) >= group.wanted,
        could_hold=sum(part.holds or part.could_hold for part in parts) >= group.wanted,
        value=Decimal(sum(part.holds for part in parts)),
        parts=parts,
    )


def _need(need: Need, record: Record, on: date, measure: Measure) -> Result:
    figure = _figure(need, record, on, measure)
    value, period = figure.on(on)
    holds = value >= need.target
    lapses_on = figure.first_below(need.target, on) if holds else None
    horizon = on + timedelta(days=measure.horizon)
    return Result(
        need,
        holds=holds,
        # It is looked at as if nothing happened from now on, but what is not met yet is not said to be met later.
        will_hold=holds and (lapses_on is None or lapses_on > horizon),
        could_hold=holds or figure.is_missing,
        value=value,
        period=period,
        lapses_on=lapses_on,
        uncounted=figure.uncounted(on),
    )


class _Figure:
    """What a need counts, on any day from the day it is evaluated for."""

    is_missing = False

    def on(self, day: date) -> tuple[Decimal, Period | None]:
        raise NotImplementedError

    def changes(self, after: date) -> Iterator[date]:
        """Yield the days on which it may be another, at least all of those within the foresight."""
        return iter(())

    def uncounted(self, on: date) -> tuple[tuple[str, Decimal], ...]:
        return ()

    def first_below(self, target: Decimal, after: date) -> date | None:
        """Return the first day on which it will be below the target if nothing else happens."""
        until = after + timedelta(days=FORESIGHT)
        days = sorted({day for day in self.changes(after) if after < day <= until})
        return next((day for day in days if self.on(day)[0] < target), None)


class _People(_Figure):
    def __init__(self, need: Need, record: Record) -> None:
        self.need, self.record = need, record

    def on(self, day: date) -> tuple[Decimal, Period | None]:
        return Decimal(self.record.certified(day, self.need.certification, self.need.role)), None

    def changes(self, after: date) -> Iterator[date]:
        return (held.ends_on + DAY for held in self.record.certificates if held.ends_on)


class _Months(_Figure):
    def __init__(self, record: Record) -> None:
        self.record = record

    def on(self, day: date) -> tuple[Decimal, Period | None]:
        return Decimal(self.record.months(day)), None


class _Confirmed(_Figure):
    def __init__(self, need: Need, record: Record) -> None:
        self.need, self.record = need, record
        self.is_missing = not any(same(said.label, need.label) for said in record.confirmations)

    def on(self, day: date) -> tuple[Decimal, Period | None]:
        return Decimal(self.record.is_confirmed(day, self.need.label)), None

    def changes(self, after: date) -> Iterator[date]:
        return (said.ends_on + DAY for said in self.record.confirmations if said.ends_on)


class _Achieved(_Figure):
    """Sums (or the latest, or the highest) of entries within a window; sums are prepared once for all days."""

    def __init__(self, need: Need, record: Record, on: date, measure: Measure) -> None:
        self.window = need.window
        self.counting = need.counting if need.metric == Metric.FIGURE else Counting.SUM
        wanted = [entry for entry in record.entries if entry.on <= on and _is_wanted(entry, need)]
        worth = [(entry, _worth(entry, need, measure)) for entry in sorted(wanted, key=lambda entry: entry.on)]
        self.foreign = [entry for entry, amount in worth if amount is None]
        counted = [(entry.on, amount) for entry, amount in worth if amount is not None]
        self.days = [day for day, _amount in counted]
        self.amounts = [amount for _day, amount in counted]
        self.sums = [Decimal(0), *accumulate(self.amounts)]
        self.is_missing = not counted and (bool(self.foreign) or need.metric == Metric.FIGURE)

    def on(self, day: date) -> tuple[Decimal, Period | None]:
        found = [(self._within(period), period) for period in self.window.periods(day)]
        return max(found, key=lambda pair: pair[0])

    def changes(self, after: date) -> Iterator[date]:
        """Yield when entries leave a rolling window, or when another period begins."""
        if self.window.kind in WITH_LENGTH:
            return (day for entry in set(self.days) for day in self.window.leaves(entry))
        return self.window.beginnings(after, after + timedelta(days=FORESIGHT))

    def uncounted(self, on: date) -> tuple[tuple[str, Decimal], ...]:
        periods = self.window.periods(on)
        sums: dict[str, Decimal] = {}
        for entry in self.foreign:
            if any(entry.on in period for period in periods):
                sums[entry.currency] = sums.get(entry.currency, Decimal(0)) + entry.amount
        return tuple(sorted(sums.items()))

    def _within(self, period: Period) -> Decimal:
        first, last = bisect_left(self.days, period.first), bisect_right(self.days, period.last)
        if self.counting == Counting.SUM:
            return self.sums[last] - self.sums[first]
        amounts = self.amounts[first:last]
        if self.counting == Counting.HIGHEST:
            return max(amounts, default=Decimal(0))
        return amounts[-1] if amounts else Decimal(0)


def _figure(need: Need, record: Record, on: date, measure: Measure) -> _Figure:
    match need.metric:
        case Metric.CERTIFIED:
            return _People(need, record)
        case Metric.MONTHS:
            return _Months(record)
        case Metric.CONFIRMED:
            return _Confirmed(need, record)
    return _Achieved(need, record, on, measure)


def _is_wanted(entry: Entry, need: Need) -> bool:
    if entry.metric != need.metric:
        return False
    if need.metric == Metric.FIGURE:
        return same(entry.label, need.label)
    return not need.family or need.family in entry.families


def _worth(entry: Entry, need: Need, measure: Measure) -> Decimal | None:
    if need.metric == Metric.REVENUE:
        return measure.worth(entry.amount, entry.currency, entry.on)
    return entry.amount


# -- as it is stored -------------------------------------------------------------------------------------
def body_of(node: Node) -> dict[str, Any]:
    """Return a requirement as it is stored."""
    if isinstance(node, Group):
        return {
            "id": node.id,
            "junction": str(node.junction),
            "least": node.least,
            "parts": [body_of(part) for part in node.parts],
        }
    return {
        "id": node.id,
        "metric": str(node.metric),
        "target": str(node.target),
        "window": str(node.window.kind),
        "length": node.window.length,
        "starts": list(node.window.starts),
        "family": node.family,
        "role": node.role,
        "certification": node.certification,
        "label": node.label,
        "counting": str(node.counting),
    }


def node_from(body: Mapping[str, Any]) -> Node:
    """Read a stored requirement."""
    if "metric" not in body:
        parts = tuple(node_from(part) for part in body.get("parts", ()))
        return Group(str(body["id"]), Junction(body.get("junction", "all")), int(body.get("least", 1)), parts)
    month, day = body.get("starts", (1, 1))
    window = Window(WindowKind(body.get("window", "rolling_months")), int(body.get("length", 12)), (month, day))
    texts = {name: str(body.get(name, "")) for name in ("family", "role", "certification", "label")}
    return Need(
        str(body["id"]),
        Metric(body["metric"]),
        Decimal(str(body.get("target", "1"))),
        window,
        counting=Counting(body.get("counting", "sum")),
        **texts,
    )


def trace_of(result: Result) -> dict[str, Any]:
    """Return a result as it is stored, with the requirement it answers."""
    period = result.period
    return {
        "node": body_of(result.node) | {"parts": []},
        "holds": result.holds,
        "will_hold": result.will_hold,
        "could_hold": result.could_hold,
        "value": str(result.value),
        "period": [period.first.isoformat(), period.last.isoformat()] if period else None,
        "lapses_on": result.lapses_on.isoformat() if result.lapses_on else None,
        "waived_until": result.waived_until.isoformat() if result.waived_until else None,
        "uncounted": [[currency, str(amount)] for currency, amount in result.uncounted],
        "parts": [trace_of(part) for part in result.parts],
    }


def result_from(trace: Mapping[str, Any]) -> Result:
    """Read a stored result; the parts of its groups are those of the trace."""
    parts = tuple(result_from(part) for part in trace["parts"])
    node = node_from(trace["node"])
    if isinstance(node, Group):
        node = Group(node.id, node.junction, node.least, tuple(part.node for part in parts))
    period = trace["period"]
    return Result(
        node,
        holds=trace["holds"],
        will_hold=trace["will_hold"],
        could_hold=trace["could_hold"],
        value=Decimal(trace["value"]),
        period=Period(date.fromisoformat(period[0]), date.fromisoformat(period[1])) if period else None,
        lapses_on=date.fromisoformat(trace["lapses_on"]) if trace["lapses_on"] else None,
        waived_until=date.fromisoformat(trace["waived_until"]) if trace["waived_until"] else None,
        uncounted=tuple((currency, Decimal(amount)) for currency, amount in trace["uncounted"]),
        parts=parts,
    )


def _fields(result: Result) -> dict[str, Any]:
    return {name: getattr(result, name) for name in Result.__dataclass_fields__}
