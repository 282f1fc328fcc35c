"""What is asked of a person who decides about a request."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.queries.inbox import PlanLine
from prm.inbox import forms as deciding
from prm.inbox.forms import TEXT, DecisionForm, ReasonForm
from prm.money.forms import AmountField

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


class ApprovalForm(DecisionForm):
    """How much of each line is approved; what is recommended is filled in."""

    note = forms.CharField(
        label=_("Note to the partner"), required=False, **TEXT | {"widget": forms.Textarea(attrs={"rows": 2})}
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


class QuestionForm(deciding.QuestionForm):
    """A question to the partner; the fields named open again for it."""

    askable = ASKABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopened"].help_text = _(
            "Everything else stays as it was submitted. Changed costs are approved anew."
        )


class RejectionForm(ReasonForm):
    area = "mdf.request"
    title = _("Reject this request")
    button = _("Reject request")
    note_to = _("The partner reads the reason and the note.")
