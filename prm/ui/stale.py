"""Two versions of a form, field by field, for somebody whose page was older than the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True)
class Difference:
    """A field, what is kept now, and what was typed over an older version."""

    label: Any
    kept: str
    typed: str


def differences(typed: forms.Form, kept: forms.Form) -> list[Difference]:
    """Return the fields in which a bound form differs from the kept values in another form's `initial`."""
    found = []
    for name, field in typed.fields.items():
        theirs = _words(kept.initial.get(name), field)
        ours = _words(field.widget.value_from_datadict(typed.data, typed.files, typed.add_prefix(name)), field)
        if theirs != ours:
            found.append(Difference(field.label, theirs, ours))
    return found


def _words(value: Any, field: forms.Field) -> str:
    """Return what a reader would call the value: the label of a choice, parts joined."""
    if isinstance(value, dict):  # what was chosen from a search, and how it was written
        value = value.get("text")
    labels = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(part), str(part)) for part in values if part not in (None, ""))
