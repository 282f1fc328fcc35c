"""Facts as JSON and back, so that a template gets money, days and moments again and writes them as its reader does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.utils.functional import Promise

from prm.money import Money


class NotAFact(TypeError):
    """A value that cannot be kept exactly; give its text, number, money, day or moment instead."""


def frozen(value: Any) -> Any:
    """Return a value as JSON."""
    match value:
        case None | bool() | int():
            return value
        case str() | Promise() | UUID():
            return normalize("NFC", str(value))  # an accent that follows its letter would be set beside it
        case Money():
            return {"$money": [str(value.amount), value.currency]}
        case Decimal():
            return {"$number": str(value)}
        case datetime():
            return {"$moment": value.astimezone(UTC).isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case Mapping():
            return {str(key): frozen(part) for key, part in value.items()}
        case list() | tuple():
            return [frozen(part) for part in value]
    raise NotAFact(f"{type(value).__name__} cannot be kept in a document.")


def thawed(value: Any) -> Any:
    """Return what `frozen` was given."""
    if isinstance(value, list):
        return [thawed(part) for part in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$money": [amount, currency]}:
            return Money(Decimal(amount), currency)
        case {"$number": number}:
            return Decimal(number)
        case {"$moment": moment}:
            return datetime.fromisoformat(moment)
        case {"$day": day}:
            return date.fromisoformat(day)
    return {key: thawed(part) for key, part in value.items()}
