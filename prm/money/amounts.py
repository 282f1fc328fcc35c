"""Exact amounts. A float never becomes money, and two currencies are never added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies


class UnknownCurrency(ValueError):
    """A code that ISO 4217 does not list as money in use."""


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met where one was expected."""


@lru_cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes that are money in circulation somewhere today."""
    in_use = {code for _territory, found in get_global("territory_currencies").items() for code in _current(found)}
    return frozenset(in_use & set(list_currencies()))


def _current(found: list[tuple[str, object, object, bool]]) -> list[str]:
    return [code for code, _start, end, is_tender in found if end is None and is_tender]


def exponent(currency: str) -> int:
    """Return the number of decimals of a currency (JPY 0, EUR 2, KWD 3), or raise `UnknownCurrency`."""
    if currency not in currencies():
        raise UnknownCurrency(currency)
    return get_currency_precision(currency)


@dataclass(frozen=True, order=False)
class Money:
    """An amount in a currency. Arithmetic keeps all decimals; `rounded` is the stated point of rounding."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("Money is made of Decimals.")
        exponent(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.rounded().amount} {self.currency}"

    def rounded(self) -> Money:
        """Return the amount in the currency's own decimals, halves away from zero as invoices round."""
        step = Decimal(1).scaleb(-exponent(self.currency))
        return Money(self.amount.quantize(step, ROUND_HALF_UP), self.currency)

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount


def split(total: Money, weights: Sequence[Decimal | int]) -> list[Money]:
    """Share out a rounded amount by weight so that the parts add up to it (largest remainder).

    Raises `ValueError` unless some weight is positive and none is negative.
    """
    if not any(weights) or min(weights) < 0:
        raise ValueError("Weights are zero or more, and not all zero.")
    step = Decimal(1).scaleb(-exponent(total.currency))
    units = int(total.rounded().amount / step)
    sign = -1 if units < 0 else 1
    whole = sum(Decimal(weight) for weight in weights)
    exact = [abs(units) * Decimal(weight) / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: abs(units) - sum(shares)]:
        shares[i] += 1
    return [Money(sign * share * step, total.currency) for share in shares]
