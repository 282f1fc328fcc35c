"""Money: exact decimals with a currency, rounded half-up at stated points."""

from prm.money.amounts import CurrencyMismatch, Money, UnknownCurrency, exponent, split

__all__ = ["CurrencyMismatch", "Money", "UnknownCurrency", "exponent", "split"]
