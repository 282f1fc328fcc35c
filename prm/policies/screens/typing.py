"""What an administrator typed about a rule, as it is kept in the draft: all of it, also what cannot be read yet."""

from __future__ import annotations

import json
from typing import Any

from babel.numbers import NumberFormatError
from django.http import QueryDict

from prm.money.forms import read_decimal
from prm.policies.conditions import (
    OPERATORS,
    ORDERED,
    REFERABLE,
    REFERRING,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    How,
    Operator,
)
from prm.policies.fields import Catalogue, Collection, Field, Kind
from prm.policies.periods import MONTHS, ROLLING, Unit
from prm.policies.reading import DEEPEST
from prm.policies.screens.editing import Node, group


def condition(posted: QueryDict, at: str, catalogue: Catalogue) -> Node:
    """Return the part of a condition at a place, and all below it, as it was sent."""
    kind = posted.get(f"{at}-node", "")
    if kind in ("field", "total"):
        return _comparison(posted, at, catalogue, kind)
    if kind == "unknown":
        return {"node": "unknown", "raw": _raw(posted.get(f"{at}-raw", "")), "parts": []}
    facts = {"junction": posted.get(f"{at}-junction", "all"), "least": _whole(posted.get(f"{at}-least", "1"))}
    if kind != "each":
        return {"node": "group", **facts, "parts": _parts(posted, at, catalogue)}
    name = posted.get(f"{at}-in", "")
    return {"node": "each", "in": name, **facts, "parts": [_inner(posted, at, catalogue, name)]}


def _parts(posted: QueryDict, at: str, catalogue: Catalogue) -> list[Node]:
    parts: list[Node] = []
    while at.count("_") < 2 * DEEPEST and f"{at}_{len(parts)}-node" in posted:
        parts.append(condition(posted, f"{at}_{len(parts)}", catalogue))
    return parts


def _inner(posted: QueryDict, at: str, catalogue: Catalogue, name: str) -> Node:
    """Return what is asked of the things of a collection; nothing once another collection was chosen."""
    found = catalogue.collection.get(name)
    is_same = posted.get(f"{at}-was") == name
    if found is None or not is_same or f"{at}_0-node" not in posted:
        return group()
    return condition(posted, f"{at}_0", found.catalogue)


def _comparison(posted: QueryDict, at: str, catalogue: Catalogue, kind: str) -> Node:
    node: Node = {"node": kind}
    name = posted.get(f"{at}-subject", "")
    if kind == "field":
        about = catalogue.field.get(name)
        node["field"] = name
        operators = OPERATORS[about.kind] if about else tuple(Operator)
        parts: list[Node] = []
    else:
        about = _figure(posted, at, catalogue, name, node)
        operators = ORDERED
        parts = [_inner(posted, at, catalogue, name)]
    asked = posted.get(f"{at}-is", "")
    node["is"] = asked if asked in operators else str(operators[0])
    if node["is"] not in WITHOUT_VALUE:
        node |= _compared(posted, at, about, Operator(node["is"]))
    before = catalogue.field.get(posted.get(f"{at}-was", name)) if kind == "field" else about
    if "value" in node and before and about and not _can_stay(before, about):
        node["value"] = ""
    return node | {"parts": parts}


def _can_stay(before: Field, about: Field) -> bool:
    """Return whether what was typed about one field can be meant about another."""
    return before.kind == about.kind and before.choices == about.choices


def _figure(posted: QueryDict, at: str, catalogue: Catalogue, name: str, node: Node) -> Field | None:
    """Note what is counted or added up, and return it as what it is compared as."""
    node |= {"total": name, "how": posted.get(f"{at}-how", How.COUNT.value)}
    collection = catalogue.collection.get(name)
    fields = {field.name: field for field in countable(collection, node["how"])}
    if node["how"] != How.COUNT:
        asked = posted.get(f"{at}-of", "")
        node["of"] = asked if asked in fields else next(iter(fields), asked)
    window = posted.get(f"{at}-window", "")
    if window and (collection is None or collection.dated_by):
        node["window"] = {"kind": window} | _length(posted, at, window)
    found = fields.get(node.get("of", ""))
    return found if found and node["how"] != How.DISTINCT else Field(name, "", Kind.NUMBER, is_whole=True)


def _length(posted: QueryDict, at: str, window: str) -> dict[str, Any]:
    if window in ROLLING:
        return {"length": _whole(posted.get(f"{at}-length", "12"))}
    if window in MONTHS:
        months = {"year_starts_in": _whole(posted.get(f"{at}-year_starts_in", "1"))}
        return {"back": _whole(posted.get(f"{at}-back", "0")), **months}
    return {}


def countable(collection: Collection | None, how: str) -> list[Field]:
    """Return the fields of a collection of which such a figure can be made."""
    kinds = (Kind.TEXT, Kind.CHOICE) if how == How.DISTINCT else (Kind.NUMBER, Kind.PERCENT, Kind.MONEY)
    return [field for field in collection.fields if field.kind in kinds] if collection else []


def _compared(posted: QueryDict, at: str, about: Field | None, operator: Operator) -> dict[str, Any]:
    if about is None:
        return {"value": _raw(posted.get(f"{at}-raw", ""))}
    other = posted.get(f"{at}-other", "")
    if other and about.kind in REFERABLE and operator in REFERRING:
        return {"other": other}
    if operator == Operator.BETWEEN:
        return {"value": [value(posted, f"{at}-value", about), value(posted, f"{at}-end", about)]}
    return {"value": value(posted, f"{at}-value", about, is_several=operator in WITH_SEVERAL)}


def value(posted: QueryDict, name: str, about: Field, *, is_several: bool = False) -> Any:
    """Return a typed value as it is stored; what cannot be read stays as it was typed, and nothing is empty."""
    typed = posted.get(name, "").strip()
    if is_several or about.kind in (Kind.CHOICES, Kind.LISTS):
        lines = posted.getlist(name) if about.choices else typed.splitlines()
        return [line.strip() for line in lines if line.strip()]
    match about.kind:
        case Kind.BOOLEAN:
            return {"yes": True, "no": False}.get(typed, "")
        case Kind.MONEY:
            return {"amount": _number(typed), "currency": posted.get(f"{name}-currency", "")} if typed else ""
        case Kind.DURATION:
            return _duration(posted, name, typed)
        case Kind.DAY:
            return typed or _duration(posted, name, posted.get(f"{name}-count", "").strip())
        case Kind.NUMBER | Kind.PERCENT:
            return _number(typed)
    return typed


def _duration(posted: QueryDict, name: str, typed: str) -> Any:
    return {"count": _whole(typed), "unit": posted.get(f"{name}-unit", Unit.DAYS.value)} if typed else ""


def _number(typed: str) -> str:
    """Return a number as it is stored; thousands may be grouped as the reader's language does."""
    try:
        return str(read_decimal(typed))
    except NumberFormatError:
        return typed


def _whole(typed: str) -> Any:
    typed = typed.strip()
    digits = typed.removeprefix("-")
    return int(typed) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else typed


def _raw(typed: str) -> Any:
    try:
        return json.loads(typed)
    except (ValueError, RecursionError):
        return typed
