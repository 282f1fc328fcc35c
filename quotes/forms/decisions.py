"""What is asked of a person who decides on a quote."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters_but_lines
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm

OTHER = "other"
TEXT: dict[str, Any] = {
    "max_length": 2000,
    "widget": forms.Textarea,
    "validators": [no_control_characters_but_lines],
}


class DecisionForm(PortalForm):
    """A decision about the version of the quote that was on the screen."""

    title: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    note_to: ClassVar[Any] = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def take_focus(self) -> None:
        """Put the cursor where the typing goes on: into the first field that was refused, or the first."""
        fields = self.visible_fields()
        if not self.non_field_errors():
            first = next((field for field in fields if field.errors), fields[0])
            first.field.widget.attrs["autofocus"] = True


class QuestionForm(DecisionForm):
    """A question to the partner."""

    title = _("Ask for information")
    button = _("Send question")
    note_to = _("The partner reads the question. The clock of your promise stands still until it answers.")

    question = forms.CharField(label=_("Question"), **TEXT)


class RejectionForm(DecisionForm):
    """A reason from the vendor's list, and a note that the partner reads too."""

    title = _("Reject these discounts")
    button = _("Reject discounts")
    note_to = _("The quote becomes a draft again. The partner reads the reason and the note.")

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note to the partner"), required=False, **TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons("quotes.approval")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The partner reads it."))
        return cleaned


def reasons(area: str) -> list[tuple[str, str]]:
    """Return the vendor's reasons; "other" is always there, so that an emptied list stops nobody."""
    rows = ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code")
    found = {row.code: str(row) for row in rows}
    found.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
    return list(found.items())
