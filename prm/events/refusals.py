"""Refusals: a rule said no. They carry facts; their sentence is a template."""

from __future__ import annotations

from django.template.loader import render_to_string


class DomainError(Exception):
    """A use case that may not happen now. Attributes hold the facts; `<app>/refusals/<name>.txt` the sentence."""

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__)
        self.facts = facts

    @property
    def code(self) -> str:
        """Return what programs call the refusal, as its template is named."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in type(self).__name__).lstrip("_")

    @property
    def sentence(self) -> str:
        """Return the refusal in the reader's language."""
        app = type(self).__module__.split(".")[0]
        return render_to_string(f"{app}/refusals/{self.code}.txt", dict(self.facts)).strip()
