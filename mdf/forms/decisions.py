"""What is asked of a person who decides about a request."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.queries.inbox import PlanLine
from prm.accounts.text import no_control_characters_but_lines
from prm.money.forms import AmountField
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm
from prm.ui.widgets import Ticks

OTHER = "other"
LINES = [no_control_characters_but_lines]

ASKABLE = [
    ("fund", _("Fund")),
    ("activity_type", _("Kind of activity")),
    ("title", _("Title")),
    ("starts_on", _("First day")),
    ("ends_on", _("Last day")),
    ("audience", _("Audience")),
    ("expected_result", _("Expected result")),
    ("expected_leads", _("Expected leads")),
    ("expected_revenue", _("Expected revenue")),
    ("registration", _("Deal")),
    ("lines", _("Costs")),
    ("files", _("Files")),
]
LOOKED_AT = [*ASKABLE, ("custom", _("Custom fields"))]  # by approval steps


class DecisionForm(PortalForm):
    """A decision about the version of the request that was on the screen."""

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


class ApprovalForm(DecisionForm):
    """How much of each line is approved; what is recommended is filled in."""

    note = forms.CharField(
        label=_("Note to the partner"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=LINES,
    )

    def __init__(self, posted: Any, *, lines: Sequence[PlanLine], version: int) -> None:
        super().__init__(posted, initial={"version": version})
        self.lines = lines
        for plan in lines:
            field = AmountField(
                label=plan.line.what,
                currency=plan.line.currency,
                required=False,
                initial=plan.recommended.rounded().amount,
            )
            field.widget.attrs |= {
                "form": "verdict",
                "aria-label": _("Approved for %(what)s") % {"what": plan.line.what},
            }
            self.fields[f"line-{plan.line.pk}"] = field

    @property
    def amounts(self) -> dict[UUID, Decimal]:
        """Return what is approved, by line; an empty field approves nothing of it."""
        found = {plan.line.pk: self.cleaned_data.get(f"line-{plan.line.pk}") for plan in self.lines}
        return {pk: amount or Decimal(0) for pk, amount in found.items()}

    @property
    def rows(self) -> list[tuple[PlanLine, Any]]:
        """Return each line with its field."""
        return [(plan, self[f"line-{plan.line.pk}"]) for plan in self.lines]


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
        help_text=_("Everything else stays as it was submitted. Changed costs are approved anew."),
    )

    def __init__(self, *args: Any, custom: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopened"].choices = [*ASKABLE, *custom]


class RejectionForm(DecisionForm):
    """A reason from the vendor's list, and a note that the partner reads too."""

    title = _("Reject this request")
    button = _("Reject request")
    note_to = _("The partner reads the reason and the note.")

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Note to the partner"), max_length=2000, required=False, widget=forms.Textarea, validators=LINES
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ReasonCode.objects.filter(area="mdf.request", is_active=True).order_by("position", "code")
        reasons = {row.code: str(row) for row in rows}
        reasons.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The partner reads it."))
        return cleaned
