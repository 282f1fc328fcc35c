"""Numbers as the reader's language writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

LARGEST = Decimal(10) ** 13


class NumberField(forms.Field):
    """Reads a number that is not negative; says in digits how one is written."""

    default_error_messages = {
        "unreadable": _("Write a number in digits, like %(example)s."),
        "negative": _("The number is zero or more."),
        "too_large": _("The number is larger than this portal can keep."),
        "whole": _("Write a whole number."),
    }

    def __init__(self, *, is_whole: bool = False, can_be_negative: bool = False, **kwargs: Any) -> None:
        self.is_whole, self.can_be_negative = is_whole, can_be_negative
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal | int) else value

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, or nothing where that is allowed."""
        typed = str(value or "").strip()
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        number = read(typed)
        if number is None:
            raise self._refusal("unreadable", example=written(Decimal("1250.5")))
        if number < 0 and not self.can_be_negative:
            raise self._refusal("negative")
        if abs(number) >= LARGEST:
            raise self._refusal("too_large")
        if self.is_whole and number != number.to_integral_value():
            raise self._refusal("whole")
        return number

    def _refusal(self, code: str, **facts: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=facts)


def read(typed: str) -> Decimal | None:
    """Return a number from its text in the reader's language, nothing for what is none."""
    try:
        number = parse_decimal(typed.replace(" ", "").replace("\u00a0", ""), locale=_locale(), strict=True)
    except NumberFormatError:
        return None
    return number if number.is_finite() else None


def written(number: Decimal | int) -> str:
    """Return a number as the reader's language writes it, ready to be typed over."""
    return format_decimal(number, "#,##0.####", locale=_locale())


def _locale() -> str:
    return to_locale(get_language() or "en")
