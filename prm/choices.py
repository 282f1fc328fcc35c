"""Django's text choices, told to the type checker: a member is a string that has a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enum import StrEnum

    class TextChoices(StrEnum):
        """What a member can be asked, without Django's own metaclass."""

        choices: list[tuple[str, Any]]
        values: list[str]

        def __new__(cls, value: str, label: Any = "") -> TextChoices: ...  # type: ignore[misc]

        @property
        def label(self) -> str: ...

else:
    from django.db.models import TextChoices

__all__ = ["TextChoices"]
