"""What is asked of a person who decides."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.enums import Award
from prm.accounts.text import no_control_characters_but_lines
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks

OTHER = "other"
LINES = [no_control_characters_but_lines]

ASKABLE = [
    ("type", _("Type of deal")),
    ("distributor", _("Distributor")),
    ("source", _("Who brought it up?")),
    ("customer_name", _("Company name")),
    ("customer_website", _("Website")),
    ("customer_tax_id", _("Tax number")),
    ("customer_country", _("Country")),
    ("customer_city", _("City")),
    ("contact_name", _("Contact name")),
    ("contact_email", _("Contact e-mail")),
    ("products", _("Products")),
    ("value", _("Value")),
    ("close_on", _("Expected close")),
    ("starts_on", _("Expected start")),
    ("tender_published_on", _("Tender published on")),
    ("reason_to_buy", _("Why now")),
    ("letter_on", _("Customer’s letter of choice")),
    ("activities", _("Pre-sales activities")),
    ("files", _("Files")),
]
LOOKED_AT = [*ASKABLE, ("custom", _("Custom fields"))]  # by approval steps


class DecisionForm(PortalForm):
    """A decision about the version of the registration that was on the screen."""

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
    """A question to the partner; the fields named open again for it."""

    title = _("Ask for information")
    button = _("Send question")
    note_to = _("The partner reads the question. The clock of your promise stands still until it answers.")

    question = forms.CharField(label=_("Question"), max_length=2000, widget=forms.Textarea, validators=LINES)
    reopened = forms.MultipleChoiceField(
        label=_("What the partner may change"),
        choices=ASKABLE,
        required=False,
        widget=Ticks,
        help_text=_("Everything else stays as it was submitted."),
    )

    def __init__(self, *args: Any, custom: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopened"].choices = [*ASKABLE, *custom]


class ApprovalForm(DecisionForm):
    """An approval, alone or beside others."""

    award = forms.TypedChoiceField(choices=Award.choices, coerce=Award, empty_value=None, required=False)


class AsideForm(DecisionForm):
    """Why this one is approved though another comes first by the terms."""

    title = _("Approve, though another comes first")
    button = _("Approve")
    note_to = _("Only your own people read the reason.")

    aside = forms.CharField(
        label=_("Why it is to be this one"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), validators=LINES
    )


class ResearchForm(DecisionForm):
    """What has to be found out before a decision."""

    title = _("Take time for research")
    button = _("Take the time")
    note_to = _("The partner is told until when you decide, and reads the note. This is possible once.")

    note = forms.CharField(
        label=_("Note to the partner"), max_length=2000, required=False, widget=forms.Textarea, validators=LINES
    )


class ReasonForm(DecisionForm):
    """A reason from the vendor's list of its area, and a note that the partner reads too."""

    area: ClassVar[str] = ""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Note to the partner"), max_length=2000, required=False, widget=forms.Textarea, validators=LINES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons(self.area)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The partner reads it."))
        return cleaned


class RejectionForm(ReasonForm):
    area = "deals.registration"
    title = _("Reject this registration")
    button = _("Reject registration")
    note_to = _("The partner reads the reason and the note.")


class ExtensionRefusalForm(ReasonForm):
    area = "deals.extension"
    title = _("Reject the extension")
    button = _("Reject extension")
    note_to = _("The protection keeps its last day. The partner reads the reason and the note.")


class AmendmentRefusalForm(ReasonForm):
    area = "deals.amendment"
    title = _("Refuse the change")
    button = _("Refuse change")
    note_to = _("The deal goes on as it is. The partner reads the reason and the note.")


class RevocationForm(ReasonForm):
    area = "deals.revocation"
    title = _("Revoke the protection")
    button = _("Revoke protection")
    note_to = _("The customer is free for other partners at once. The partner reads the reason and the note.")


def reasons(area: str) -> list[tuple[str, str]]:
    """Return the vendor's reasons; "other" is always there, so that an emptied list stops nobody."""
    rows = ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code")
    found = {row.code: str(row) for row in rows}
    found.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
    return list(found.items())
