"""What a record looks like as JSON: instants in UTC, money with its currency, amounts as text: none is rounded."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

from django.db import models
from rest_framework import serializers

from prm.money import Money
from prm.money.amounts import exponent


class Body(serializers.ModelSerializer):
    """A record; subclasses name its fields."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        kind, facts = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.DateTimeField):
            facts["default_timezone"] = UTC
        return kind, {**facts, "help_text": ""}


class MoneyField(serializers.Field):
    """Money, or null; with an `amount` it is that column, in the currency which `currency` leads to.

    Partners are told it only once what `decided` leads to is there: until then it is what somebody thinks of giving.
    """

    def __init__(self, *, amount: str = "", currency: str = "currency", decided: str = "") -> None:
        self.amount, self.currency, self.decided = amount, currency, decided
        super().__init__(read_only=True, **({"source": "*"} if amount else {}))

    def to_representation(self, value: Any) -> dict[str, str] | None:
        if self.decided and self.context["member"].is_partner and _reach(value, self.decided) is None:
            return None
        if self.amount:
            amount, currency = getattr(value, self.amount), _reach(value, self.currency)
            value = Money(amount, currency) if amount is not None and currency else None
        return said(value)


class CustomField(serializers.Field):
    """The values of the vendor's own fields by their keys: those that count, and that whoever asks may see."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(read_only=True, source="*")

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {each.definition.key: each.body for each in self.context["custom"][row.pk]}


def said(money: Money | None) -> dict[str, str] | None:
    """Return money as JSON, with the decimals of its currency at least."""
    if money is None:
        return None
    amount = money.amount.normalize()
    least = Decimal(1).scaleb(-exponent(money.currency))
    if amount == amount.quantize(least):
        amount = amount.quantize(least)
    return {"amount": f"{amount:f}", "currency": money.currency}


def _reach(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = getattr(row, name)
    return row
