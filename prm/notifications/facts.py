"""What a notification's words need, kept as JSON until they are read: names, money, days, moments, reasons, ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from prm.money import Money
from prm.policies.models import ReasonCode

MARK = "is"


def pack(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as JSON; raises `TypeError` for what is no plain value."""
    return {name: _pack(value) for name, value in facts.items()}


def unpack(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as they were before `pack`, ids as text."""
    return {name: _unpack(value) for name, value in stored.items()}


def _pack(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value).replace("\x00", "")
        case Money():
            return {MARK: "money", "amount": str(value.amount), "currency": value.currency}
        case datetime():
            return {MARK: "moment", "value": value.isoformat()}
        case date():
            return {MARK: "day", "value": value.isoformat()}
        case Decimal():
            return {MARK: "number", "value": str(value)}
        case UUID():
            return str(value)
        case ReasonCode():
            return {MARK: "reason", "code": value.code, "label": value.label}
        case list() | tuple():
            return [_pack(item) for item in value]
    raise TypeError(f"A notification cannot keep {type(value).__name__}: give it what its words need.")


def _unpack(value: Any) -> Any:
    match value:
        case {"is": "money", "amount": amount, "currency": currency}:
            return Money(Decimal(amount), currency)
        case {"is": "moment", "value": text}:
            return datetime.fromisoformat(text)
        case {"is": "day", "value": text}:
            return date.fromisoformat(text)
        case {"is": "number", "value": text}:
            return Decimal(text)
        case {"is": "reason", "code": code, "label": label}:
            return ReasonCode(tenant=None, code=code, label=label)  # only to say itself in the reader's language
        case list():
            return [_unpack(item) for item in value]
    return value
