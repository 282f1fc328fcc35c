"""What the file of a programme says, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.policies.values import Path
from prm.programme import yaml
from prm.programme.changes import Change
from prm.programme.sections import SECTIONS
from prm.programme.yaml import Lines, Unreadable

UNREADABLE: Mapping[str, Any] = {
    "large": gettext_lazy("The file is larger than %(most)s million characters."),
    "syntax": gettext_lazy("This is not YAML, or its indentation is not even."),
    "character": gettext_lazy("There is a character in it that no text has."),
    "anchor": gettext_lazy("Anchors (&) and references (*) cannot be used. Write the value out."),
    "tag": gettext_lazy("Types (!) cannot be used. Write the value as plain text."),
    "several": gettext_lazy("There is more than one document in the file."),
    "deep": gettext_lazy("It is nested deeper than %(most)s levels."),
    "many": gettext_lazy("There are more than %(most)s values in it."),
    "key": gettext_lazy("A name is missing before the colon."),
    "twice": gettext_lazy("“%(key)s” is here twice."),
}
LONGEST = 400


def unreadable(error: Unreadable) -> str:
    """Return why a text cannot be read, and on which line."""
    sentence = str(UNREADABLE[error.code]) % error.facts
    return _("Line %(line)s: %(problem)s") % {"line": error.line, "problem": sentence} if error.line else sentence


def line_of(path: Path, lines: Lines) -> int | None:
    """Return on which line a place is, or what it is in."""
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), None)


def place_of(path: Path) -> str:
    """Return the way to a place; things in lists count from 1."""
    return " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)


def section_of(change: Change) -> str:
    return str(SECTIONS[change.section].label) if change.section in SECTIONS else change.section


def side(value: Any) -> str:
    """Return one side of a change as a file would say it."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else yaml.write(value).removesuffix("...\n").strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
