"""What is asked of a person who decides about a row that was on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters_but_lines
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks

OTHER = "other"
TEXT: dict[str, Any] = {
    "max_length": 2000,
    "widget": forms.Textarea,
    "validators": [no_control_characters_but_lines],
}


class DecisionForm(PortalForm):
    """A decision about the version of the row that was on the screen."""

    title: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    note_to: ClassVar[Any] = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """Return what the service is called with."""
        return dict(self.cleaned_data)

    def take_focus(self) -> None:
        """Put the cursor where the typing goes on: into the first field that was refused, or the first."""
        fields = self.visible_fields()
        if fields and not self.non_field_errors():
            first = next((field for field in fields if field.errors), fields[0])
            first.field.widget.attrs["autofocus"] = True


class QuestionForm(DecisionForm):
    """A question to the partner; what is named opens again for it."""

    askable: ClassVar[list[tuple[str, Any]]] = []
    title = _("Ask for information")
    button = _("Send question")
    note_to = _("The partner reads the question. The clock of your promise stands still until it answers.")

    question = forms.CharField(label=_("Question"), **TEXT)
    reopened = forms.MultipleChoiceField(
        label=_("What the partner may change"),
        required=False,
        widget=Ticks,
        help_text=_("Everything else stays as it was submitted."),
    )

    def __init__(self, *args: Any, custom: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reopened" in self.fields:
            self.fields["reopened"].choices = [*self.askable, *custom]  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        facts = super().facts
        return facts | {"fields": tuple(facts.pop("reopened"))} if "reopened" in facts else facts


class ReasonForm(DecisionForm):
    """A reason from the vendor's list of its area, and a note that the partner reads too."""

    area: ClassVar[str] = ""
    wants_note: ClassVar[Any] = _("Write what the reason is. The partner reads it.")

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note to the partner"), required=False, **TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a reason")),
            *reasons(self.area),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", self.wants_note)
        return cleaned


def reasons(area: str) -> list[tuple[str, str]]:
    """Return codes and words of the vendor's reasons; "other" is always there: an emptied list stops nobody."""
    rows = ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code")
    found = {row.code: str(row) for row in rows}
    found.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
    return list(found.items())
