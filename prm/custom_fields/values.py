"""The values of custom fields: read strictly, stored exactly, and never lost with what else changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from prm.custom_fields.definitions import Definition, FieldType
from prm.policies import values
from prm.policies.values import Invalid, Problem, Refused

Stored = Mapping[str, Any]
LONGEST: Mapping[FieldType, int] = {
    FieldType.TEXT: 300,
    FieldType.LONG_TEXT: 4000,
    FieldType.URL: 500,
    FieldType.EMAIL: 254,
}
ADDRESS = re.compile(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
MAILBOX = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
LARGEST = Decimal(10) ** 14


def check(definition: Definition, body: Any, before: Any = None) -> Any:
    """Read a value strictly and return it as it is stored, or raise `Refused`. What it was before may stay."""
    if before is not None and body == before:
        return body
    if definition.type in LONGEST:
        return _text(definition, body)
    if definition.type == FieldType.DAY:
        return values.day(body).isoformat()
    if definition.type in (FieldType.CHOICE, FieldType.CHOICES):
        _offered(definition, body, before)
    read = values.read(definition.field, body)
    if definition.type == FieldType.MONEY and not 0 <= read.amount < LARGEST:  # type: ignore[union-attr]
        raise Refused("amount")
    return values.body_of(read)


def merged(definitions: Iterable[Definition], before: Stored, given: Stored) -> dict[str, Any]:
    """Return stored values with those that were given in their place; nothing takes one away.

    What is not named stays, whatever became of its field. Raises `Invalid` with everything that does not fit.
    """
    known = {definition.key: definition for definition in definitions if not definition.is_retired}
    after, problems = dict(before), []
    for key, body in given.items():
        if key not in known:
            problems.append(Problem((key,), "unknown_field", {"name": key[:80]}))
        elif body in (None, "", []):
            after.pop(key, None)
        else:
            try:
                after[key] = check(known[key], body, before.get(key))
            except Refused as refusal:
                problems.append(Problem((key,), refusal.code, refusal.facts))
    if problems:
        raise Invalid(problems)
    return after


def fact(definition: Definition, stored: Stored) -> Any:
    """Return what is stored of a field as conditions compare it; nothing if nothing is."""
    body = stored.get(definition.key)
    if body is None:
        return None
    try:
        return values.fact_from(definition.field, body)
    except (Refused, ValueError, TypeError, KeyError, ArithmeticError):
        return None


def _text(definition: Definition, body: Any) -> str:
    if not isinstance(body, str) or not body.strip() or "\0" in body:
        raise Refused("text")
    written = body.strip()
    if len(written) > LONGEST[definition.type]:
        raise Refused("long", most=LONGEST[definition.type])
    if definition.type == FieldType.URL and not ADDRESS.fullmatch(written):
        raise Refused("address")
    if definition.type == FieldType.EMAIL and not MAILBOX.fullmatch(written):
        raise Refused("mailbox")
    return written


def _offered(definition: Definition, body: Any, before: Any) -> None:
    """Refuse what was taken off the choices, unless it was chosen before."""
    kept = {before} if isinstance(before, str) else set(before or ())
    gone = {option.key for option in definition.options if not option.is_offered} - kept
    for key in [body] if isinstance(body, str) else body if isinstance(body, list) else []:
        if isinstance(key, str) and key in gone:
            raise Refused("choice", key=key)
