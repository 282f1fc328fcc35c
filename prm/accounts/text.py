"""What people may type into a line of text."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Zero-width (non-)joiners are part of correct Persian and Indic spelling; they stay allowed.
JOINERS = {"\u200c", "\u200d"}


def no_control_characters(value: str) -> None:
    """Refuse characters that nobody sees but that change what is seen: control, direction and private ones."""
    if any(is_hidden(character) for character in value):
        raise ValidationError(
            _("This contains characters that cannot be seen. Type it again instead of pasting it."), code="hidden"
        )


def no_control_characters_but_lines(value: str) -> None:
    """The same for a text of several lines."""
    no_control_characters(value.replace("\r", "").replace("\n", "").replace("\t", ""))


def is_hidden(character: str) -> bool:
    """Say whether a character is invisible and changes its neighbours."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} and character not in JOINERS
