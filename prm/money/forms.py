"""Typing money: an amount as the reader's language writes it, and a currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, get_decimal_symbol, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from prm.money.amounts import Money, currencies, exponent
from prm.ui.widgets import AmountInput

LARGEST = Decimal(10) ** 14  # what numeric(19,4) holds, with a digit to spare


class MoneyField(forms.Field):
    """Reads `Money`; says beside the field what is wrong with the amount or the currency."""

    default_error_messages = {
        "unreadable": _("Write the amount in digits, like %(example)s."),
        "negative": _("The amount is zero or more."),
        "too_large": _("The amount is larger than this portal can keep."),
        "decimals": _("%(currency)s has %(decimals)s decimals; leave the rest away."),
        "currency": _("Choose a currency from the list."),
    }

    def __init__(self, *, offered: list[str], **kwargs: Any) -> None:
        self.offered = offered
        kwargs["widget"] = AmountInput([(code, code) for code in offered])
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Money | None:
        """Return money, or nothing where that is allowed."""
        currency, typed = (str(part or "").strip() for part in (value or ("", "")))
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if currency not in currencies():
            raise ValidationError(self.error_messages["currency"], code="currency")
        return self._money(typed, currency)

    def _money(self, typed: str, currency: str) -> Money:
        try:
            amount = read_decimal(typed)
        except NumberFormatError as error:
            raise self._refusal("unreadable", example=format_decimal(46200.5, "#,##0.00", locale=_locale())) from error
        if not amount.is_finite() or amount >= LARGEST:
            raise self._refusal("too_large")
        if amount < 0:
            raise self._refusal("negative")
        if amount != Money(amount, currency).rounded().amount:
            raise self._refusal("decimals", currency=currency, decimals=exponent(currency))
        return Money(amount, currency)

    def _refusal(self, code: str, **facts: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=facts)


class AmountField(MoneyField):
    """Reads an amount of the one currency that the page names already."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(offered=[currency], **kwargs)
        widget = forms.TextInput(attrs={"class": "input num", "inputmode": "decimal", "autocomplete": "off"})
        widget.is_required = self.required
        self.widget, self.currency = widget, currency

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the amount, or nothing where that is allowed."""
        money = super().clean((self.currency, value))
        return money.amount if money else None

    def prepare_value(self, value: Any) -> Any:
        """Write an amount as the reader would type it."""
        return written(Money(value, self.currency)) if isinstance(value, Decimal) else value


class PercentField(forms.Field):
    """Reads a share out of a hundred, with up to two decimals, as the reader's language writes it."""

    widget = forms.TextInput(attrs={"class": "input num", "inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "unreadable": _("Write the percentage in digits, like %(example)s."),
        "outside": _("A percentage is between 0 and %(largest)s."),
        "decimals": _("A percentage has two decimals at most."),
    }

    def __init__(self, *, largest: Decimal = Decimal(100), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.largest = largest

    def clean(self, value: Any) -> Decimal | None:
        """Return the number out of a hundred, or nothing where that is allowed."""
        typed = str(value or "").strip().removesuffix("%").strip()
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        try:
            percent = read_decimal(typed)
        except NumberFormatError as error:
            raise self._refusal("unreadable", example=format_decimal(12.5, locale=_locale())) from error
        if not percent.is_finite() or not 0 <= percent <= self.largest:
            raise self._refusal("outside", largest=format_decimal(self.largest, locale=_locale()))
        if percent != percent.quantize(Decimal("0.01")):
            raise self._refusal("decimals")
        return percent

    def _refusal(self, code: str, **facts: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=facts)


def read_decimal(typed: str) -> Decimal:
    """Return a number as the reader's language writes it; raises babel's `NumberFormatError`."""
    return parse_decimal(typed.replace(" ", "").replace("\u00a0", ""), locale=_locale(), strict=True)


def written_number(number: Decimal) -> str:
    """Return a number as the reader's language writes it, without zeros that say nothing."""
    return format_decimal(number, "#,##0.####", locale=_locale())


def typed_number(number: Decimal) -> str:
    """Return a number as the reader's language types it: all decimals, nothing between the thousands."""
    whole, _point, rest = f"{number:f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole}{get_decimal_symbol(_locale())}{rest}" if rest else whole


def written(money: Money) -> str:
    """Return the amount as the reader's language writes it, ready to be typed over."""
    return format_decimal(money.amount, "#,##0.00##" if exponent(money.currency) else "#,##0", locale=_locale())


def _locale() -> str:
    return to_locale(get_language() or "en")
