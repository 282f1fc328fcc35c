"""What a vendor asks beyond what every portal asks: the definition of a custom field, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from prm.choices import TextChoices
from prm.policies.fields import Choice, Field, Kind

PREFIX = "custom."
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_FIELDS = 200
MOST_OPTIONS = 200


class FieldType(TextChoices):
    """What is typed into a custom field."""

    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    WHOLE = "whole", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    MONEY = "money", _("Money")
    DAY = "day", _("Date")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("One of several choices")
    CHOICES = "choices", _("Several of several choices")
    URL = "url", _("Web address")
    EMAIL = "email", _("E-mail address")


WITH_OPTIONS = (FieldType.CHOICE, FieldType.CHOICES)
KINDS: Mapping[FieldType, Kind] = {
    **dict.fromkeys((FieldType.TEXT, FieldType.LONG_TEXT, FieldType.URL, FieldType.EMAIL), Kind.TEXT),
    **dict.fromkeys((FieldType.WHOLE, FieldType.DECIMAL), Kind.NUMBER),
    FieldType.MONEY: Kind.MONEY,
    FieldType.DAY: Kind.DAY,
    FieldType.BOOLEAN: Kind.BOOLEAN,
    FieldType.CHOICE: Kind.CHOICE,
    FieldType.CHOICES: Kind.CHOICES,
}


@dataclass(frozen=True)
class Option:
    """Something that can be chosen; one that is not offered any more stays where it was chosen."""

    key: str
    label: str
    is_offered: bool = True

    def body(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"key": self.key, "label": self.label} | ({} if self.is_offered else {"is_offered": False})


def options_from(body: Any) -> tuple[Option, ...]:
    """Read stored choices."""
    return tuple(Option(each["key"], each["label"], each.get("is_offered", True)) for each in body)


@dataclass(frozen=True)
class Definition:
    """One custom field. Without a condition it is always shown, and if `is_required`, always required."""

    key: str
    label: str
    type: FieldType
    help: str = ""
    options: tuple[Option, ...] = ()
    section: str = ""
    is_internal: bool = False  # kept from partners
    is_required: bool = False
    required_when: Mapping[str, Any] | None = None
    shown_when: Mapping[str, Any] | None = None
    is_retired: bool = False

    @property
    def name(self) -> str:
        """Return what conditions call it."""
        return PREFIX + self.key

    @cached_property
    def field(self) -> Field:
        """Return it as conditions know it."""
        return Field(
            self.name,
            self.label,
            KINDS[self.type],
            help=self.help,
            choices=tuple(Choice(option.key, option.label) for option in self.options),
            is_whole=self.type == FieldType.WHOLE,
            is_retired=self.is_retired,
            is_internal=self.is_internal,
        )


def new_key(label: str, taken: Mapping[str, Any] | set[str] | frozenset[str], otherwise: str = "field") -> str:
    """Return a key like the label that nothing else has."""
    start = re.sub(r"[^a-z0-9]+", "_", _plain(label)).strip("_")[:36]
    start = start if KEY.fullmatch(start) else f"{otherwise}_{start}".strip("_")[:36]
    number = 1
    while (key := start if number == 1 else f"{start}_{number}") in taken:
        number += 1
    return key


def _plain(label: str) -> str:
    for written, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        label = label.lower().replace(written, plain)
    return label
