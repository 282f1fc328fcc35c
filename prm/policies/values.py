"""The values of conditions, effects and facts, and how they are stored: strictly read, and never by way of a float."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from prm.money import Money, UnknownCurrency
from prm.policies.fields import Field, Kind
from prm.policies.periods import Duration, Span, Unit

Value = str | bool | Decimal | Money | date | Duration | Span | frozenset[str]

Path = tuple[str | int, ...]

LONGEST_TEXT = 500
MOST_CHOICES = 1000
FARTHEST = 36_600  # days, business days or months
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,8})?")
PERCENT = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,8})?")

TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.CHOICE: (str,),
    Kind.CHOICES: (frozenset, set),
    Kind.LISTS: (frozenset, set),
    Kind.BOOLEAN: (bool,),
    Kind.NUMBER: (Decimal, int),
    Kind.PERCENT: (Decimal, int),
    Kind.MONEY: (Money,),
    Kind.DAY: (date,),
    Kind.DURATION: (Span,),
}


class Refused(ValueError):
    """A value that does not fit; `code` chooses the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class WrongFact(TypeError):
    """A fact of another type than its field has, or a number that is none: a mistake of whoever gathered it."""


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: the keys and positions that lead there; `code` chooses the sentence."""

    path: Path
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Invalid(ValueError):
    """A stored condition or set of rules that cannot be read, with everything that is wrong."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, found.path)) or '(top)'}: {found.code}" for found in problems))
        self.problems = tuple(problems)


def fact(about: Field, value: Any) -> Any:
    """Return a fact, nothing if it is not known, or raise `WrongFact`. An empty text is not known."""
    if value is None or value == "":
        return None
    known = type(value)
    if known not in TYPES[about.kind] and (not isinstance(value, TYPES[about.kind]) or known in (bool, datetime)):
        raise WrongFact(f"{about.name} is {about.kind}, not {known.__name__}")
    number = value.amount if known is Money else value
    if isinstance(number, Decimal) and not number.is_finite():
        raise WrongFact(f"{about.name} is not a number: {number}")
    if about.is_whole and value % 1:
        raise WrongFact(f"{about.name} is a whole number, not {number}")
    return value


# -- as it is stored -------------------------------------------------------------------------------------
def body_of(value: Value) -> Any:
    """Return a value as it is stored."""
    match value:
        case bool() | str():
            return value
        case Money(amount=amount, currency=currency):
            return {"amount": str(amount), "currency": currency}
        case Duration(count=count, unit=unit):
            return {"count": count, "unit": str(unit)}
        case Span(start=start, end=end):
            return {"start": start.isoformat(), "end": end.isoformat()}
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted(value)
    return str(value)


def read(about: Field, body: Any) -> Value:
    """Read what a fact of a field is compared with, or what an effect gives; raises `Refused`."""
    match about.kind:
        case Kind.BOOLEAN:
            return _boolean(body)
        case Kind.NUMBER | Kind.PERCENT:
            return _figure(about, body)
        case Kind.MONEY:
            return money(body)
        case Kind.DAY:
            return duration(body) if isinstance(body, Mapping) else day(body)
        case Kind.DURATION:
            return duration(body)
        case Kind.CHOICES | Kind.LISTS:
            return several(about, body)
        case Kind.CHOICE:
            return _choice(about, body)
    return text(body)


def several(about: Field, body: Any) -> frozenset[str]:
    """Read one or more choices or texts."""
    if not isinstance(body, list | tuple):
        raise Refused("list")
    if not 0 < len(body) <= MOST_CHOICES:
        raise Refused("size", most=MOST_CHOICES)
    return frozenset(text(item) if about.kind == Kind.TEXT else _choice(about, item) for item in body)


def fact_from(about: Field, body: Any) -> Value:
    """Read a stored fact, which `read` would not do for a span; it may hold choices that are gone."""
    if about.kind == Kind.DURATION:
        return Span(day(body["start"]), day(body["end"]))
    if about.kind in (Kind.CHOICES, Kind.LISTS):
        return frozenset(body)
    if about.kind in (Kind.TEXT, Kind.CHOICE):
        return str(body)
    if about.kind == Kind.MONEY:
        return Money(Decimal(body["amount"]), body["currency"])
    return Decimal(body) if about.kind in (Kind.NUMBER, Kind.PERCENT) else read(about, body)


def text(body: Any) -> str:
    if isinstance(body, int):  # also what a file takes for true or false
        raise Refused("quotes")
    if not isinstance(body, str) or not body.strip():
        raise Refused("text")
    if len(body) > LONGEST_TEXT:
        raise Refused("long", most=LONGEST_TEXT)
    return body


def number(body: Any, pattern: re.Pattern[str] = NUMBER) -> Decimal:
    """Read an exact number. A float is refused: it would rarely be what was typed."""
    written = str(body) if type(body) is int and abs(body) < 10**16 else body
    if not isinstance(written, str) or not pattern.fullmatch(written):
        raise Refused("number")
    return Decimal(written)


def _figure(about: Field, body: Any) -> Decimal:
    figure = number(body, PERCENT if about.kind == Kind.PERCENT else NUMBER)
    if about.is_whole and figure % 1:
        raise Refused("not_whole")
    return figure


def whole(body: Any, least: int, most: int) -> int:
    if type(body) is not int or not least <= body <= most:
        raise Refused("whole", least=least, most=most)
    return body


def day(body: Any) -> date:
    if not isinstance(body, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", body):
        raise Refused("day")
    try:
        return date.fromisoformat(body)
    except ValueError:
        raise Refused("day") from None


def duration(body: Any) -> Duration:
    _keys(body, "count", "unit")
    if body["unit"] not in list(Unit):
        raise Refused("unit")
    return Duration(whole(body["count"], -FARTHEST, FARTHEST), Unit(body["unit"]))


def money(body: Any) -> Money:
    """Read an amount with its currency; raises `Refused`."""
    _keys(body, "amount", "currency")
    try:
        return Money(number(body["amount"]), body["currency"])
    except (UnknownCurrency, TypeError):
        raise Refused("currency") from None


def _boolean(body: Any) -> bool:
    if not isinstance(body, bool):
        raise Refused("boolean")
    return body


def _choice(about: Field, body: Any) -> str:
    key = text(body)
    if about.choices and key not in about.places:
        raise Refused("choice", key=key)
    return key


def _keys(body: Any, *names: str) -> None:
    if not isinstance(body, Mapping) or set(body) != set(names):
        raise Refused("keys", names=names)
