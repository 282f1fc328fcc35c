"""What is wrong with a draft of the programme, field by field, and what an administrator should look at again.

A draft may hold what was typed and cannot be read; it is published once nothing is wrong with it any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise, product
from typing import Any

from partners.enums import Counting, Junction, Metric, Promotion, WindowKind
from partners.rules.programs import ProgramTerms
from partners.rules.requirements import LABELED, WINDOWED, Group, Need, Node
from partners.rules.windows import WITH_LENGTH, WITH_START, clamped

LONGEST = 3660  # days, or months, of a rolling window
WAYS_AT_MOST = 200  # to meet a tier; a tree with more is not compared
RHYTHMS = (1, 3, 6, 12)


@dataclass(frozen=True)
class Problem:
    """`where` is the id of a tier or requirement, empty for the programme; `code` chooses the sentence."""

    where: str
    name: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def problems_of(body: Mapping[str, Any], currencies: Collection[str]) -> list[Problem]:
    """Return what keeps a draft from being published, in the order of the page."""
    return [
        *_program(body, currencies),
        *_ranks(body.get("tiers", [])),
        *(problem for tier in body.get("tiers", []) for problem in _tier(tier)),
    ]


def doubts_of(program: ProgramTerms) -> list[Problem]:
    """Return where a higher tier can be reached without what the one below it asks."""
    found = []
    offered = [tier for tier in program.ranked if not tier.is_by_invitation]
    for lower, higher in pairwise(offered):
        ways = _ways(higher.requirement)
        if ways and not all(_is_met_by(lower.requirement, way) for way in ways):
            found.append(Problem(higher.id, "requirement", "easier", {"higher": higher.name, "lower": lower.name}))
    return found


def _program(body: Mapping[str, Any], currencies: Collection[str]) -> Iterator[Problem]:
    if not str(body.get("name", "")).strip():
        yield Problem("", "name", "empty")
    if body.get("currency") not in currencies:
        yield Problem("", "currency", "unknown")
    if body.get("promotion", Promotion.AT_ONCE) not in Promotion.values:
        yield Problem("", "promotion", "unknown")
    if body.get("review_months", 3) not in RHYTHMS:
        yield Problem("", "review_months", "unknown")
    yield from _whole(body, "", "review_from", 1, 12)
    yield from _whole(body, "", "grace_days", 0, 366)
    yield from _whole(body, "", "warning_days", 0, 366)
    for number, rate in enumerate(body.get("rates", [])):
        where = f"rate-{number}"
        if rate.get("currency") not in currencies or rate.get("currency") == body.get("currency"):
            yield Problem(where, "currency", "unknown")
        if not _is_day(rate.get("starts_on")):
            yield Problem(where, "starts_on", "unreadable")
        yield from _number(rate, where, "rate", Decimal(0), Decimal(10**6))
    if not body.get("tiers"):
        yield Problem("", "tiers", "empty")


def _ranks(tiers: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    names: set[str] = set()
    ranks: set[int] = set()
    for tier in tiers:
        name = str(tier.get("name", "")).strip().casefold()
        if name and name in names:
            yield Problem(tier["id"], "name", "twice")
        names.add(name)
        rank = tier.get("rank")
        if not isinstance(rank, int) or rank < 1 or rank in ranks:
            yield Problem(tier["id"], "rank", "rank")
        else:
            ranks.add(rank)


def _tier(tier: Mapping[str, Any]) -> Iterator[Problem]:
    where = str(tier["id"])
    if not str(tier.get("name", "")).strip():
        yield Problem(where, "name", "empty")
    given = tier.get("benefits", {})
    for name in ("discount_percent", "fund_share_percent"):
        if given.get(name) not in (None, ""):
            yield from _number(given, where, name, Decimal(-1), Decimal(100), code="percent")
            if _decimal(given.get(name)) is not None and (_decimal(given.get(name)) or 0) < 0:
                yield Problem(where, name, "percent")
    if given.get("protection_days") not in (None, ""):
        yield from _whole(given, where, "protection_days", 1, 1000)
    yield from _node(tier.get("requirement", {}), is_root=True)


def _node(node: Mapping[str, Any], *, is_root: bool = False) -> Iterator[Problem]:
    if "metric" in node:
        yield from _need(node)
        return
    where, parts = str(node.get("id", "")), node.get("parts", [])
    if not parts and not is_root:
        yield Problem(where, "parts", "empty_group")
    if node.get("junction", "all") not in Junction.values:
        yield Problem(where, "junction", "unknown")
    if node.get("junction") == Junction.LEAST and parts:
        yield from _whole(node, where, "least", 1, len(parts), code="least")
    for part in parts:
        yield from _node(part)


def _need(need: Mapping[str, Any]) -> Iterator[Problem]:
    where, metric = str(need.get("id", "")), need.get("metric")
    if metric not in Metric.values:
        yield Problem(where, "metric", "unknown")
        return
    if metric in LABELED and not str(need.get("label", "")).strip():
        yield Problem(where, "label", "empty")
    if metric != Metric.CONFIRMED:
        yield from _number(need, where, "target", Decimal(0), Decimal(10**13))
    if metric not in (Metric.REVENUE, Metric.FIGURE, Metric.CONFIRMED):
        target = _decimal(need.get("target"))
        if target is not None and target != target.to_integral_value():
            yield Problem(where, "target", "whole")
    if metric == Metric.FIGURE and need.get("counting", Counting.SUM) not in Counting.values:
        yield Problem(where, "counting", "unknown")
    if metric in WINDOWED:
        yield from _window(need, where)


def _window(need: Mapping[str, Any], where: str) -> Iterator[Problem]:
    kind = need.get("window")
    if kind not in WindowKind.values:
        yield Problem(where, "window", "unknown")
    elif kind in WITH_LENGTH:
        yield from _whole(need, where, "length", 1, LONGEST)
    elif kind in WITH_START and not _is_anniversary(need.get("starts")):
        yield Problem(where, "starts", "unreadable")


def _whole(
    values: Mapping[str, Any], where: str, name: str, least: int, most: int, *, code: str = "between"
) -> Iterator[Problem]:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield Problem(where, name, code, {"least": least, "most": most})


def _number(
    values: Mapping[str, Any], where: str, name: str, above: Decimal, most: Decimal, *, code: str = "number"
) -> Iterator[Problem]:
    number = _decimal(values.get(name))
    if number is None or not above < number <= most:
        yield Problem(where, name, code)


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_anniversary(value: Any) -> bool:
    try:
        month, day = value
        return 1 <= int(month) <= 12 and clamped(2028, int(month), int(day)).day == int(day)
    except (TypeError, ValueError):
        return False


# -- comparing two tiers ---------------------------------------------------------------------------------
Way = tuple[Need, ...]


def _ways(node: Node) -> list[Way]:
    """Return the least sets of needs that meet a requirement; nothing if they are too many to compare."""
    if isinstance(node, Need):
        return [(node,)]
    found = [_ways(part) for part in node.parts]
    if not all(found):
        return []
    ways: list[Way] = []
    for chosen in _choices(found, node.wanted):
        ways += [tuple(need for way in picked for need in way) for picked in product(*chosen)]
        if len(ways) > WAYS_AT_MOST:
            return []
    return ways


def _choices(parts: list[list[Way]], wanted: int) -> Iterator[list[list[Way]]]:
    if wanted == 0:
        yield []
        return
    for index in range(len(parts) - wanted + 1):
        for rest in _choices(parts[index + 1 :], wanted - 1):
            yield [parts[index], *rest]


def _is_met_by(node: Node, way: Way) -> bool:
    if isinstance(node, Group):
        return sum(_is_met_by(part, way) for part in node.parts) >= node.wanted
    return any(_covers(need, node) for need in way)


def _covers(higher: Need, lower: Need) -> bool:
    """Say whether whoever meets one need meets the other: the same figure, as narrow or narrower, at least as much."""
    names = ("family", "role", "certification", "label")
    is_narrower = all(getattr(lower, name) in ("", getattr(higher, name)) for name in names)
    return higher.metric == lower.metric and is_narrower and higher.target >= lower.target
