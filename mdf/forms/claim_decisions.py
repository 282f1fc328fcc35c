"""What is asked of a person who decides on a claim."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.enums import ProofVerdict
from prm.accounts.text import no_control_characters_but_lines
from prm.money import Money
from prm.money.forms import MoneyField, written
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm

OTHER = "other"
TEXT: dict[str, Any] = {"widget": forms.Textarea, "validators": [no_control_characters_but_lines]}
ASKABLE = [("lines", _("Costs and invoices")), ("files", _("Files")), ("result", _("Result"))]
LOOKED_AT = [
    *ASKABLE,
    ("settled_on", _("Day by which all invoices were paid")),
    ("is_final", _("Whether it is the last claim")),
    ("custom", _("Custom fields")),
]


class DecisionForm(PortalForm):
    """A decision about the version of the claim that was on the screen."""

    title: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    note_to: ClassVar[Any] = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def take_focus(self) -> None:
        """Put the cursor where the typing goes on: into the first field that was refused, or the first."""
        fields = self.visible_fields()
        if fields and not self.non_field_errors():
            first = next((field for field in fields if field.errors), fields[0])
            first.field.widget.attrs["autofocus"] = True


class ApprovalForm(DecisionForm):
    """What is reimbursed; another amount than the lines add up to needs a reason."""

    def __init__(self, *args: Any, total: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = forms.CharField(
            label=_("Reimburse"),
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.total = total
        self.initial["amount"] = written(total)

    def clean_amount(self) -> Money:
        """Read the amount as the reader's language writes it, with or without the currency's sign."""
        typed = self.cleaned_data["amount"].strip(" €$£").removesuffix(self.total.currency).strip()
        if not typed:
            return self.total
        money = MoneyField(offered=[self.total.currency]).clean([self.total.currency, typed])
        assert money is not None
        return money


class QuestionForm(DecisionForm):
    """A question to the partner; what is named opens again for it."""

    title = _("Ask for information")
    button = _("Send question")
    note_to = _("The partner reads the question. The clock of your promise stands still until it answers.")

    question = forms.CharField(label=_("Question"), max_length=2000, **TEXT)
    reopened = forms.MultipleChoiceField(
        label=_("What the partner may change"),
        choices=ASKABLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everything else stays as it was submitted."),
    )

    def __init__(self, *args: Any, custom: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reopened"].choices = [*ASKABLE, *custom]


class ReasonForm(DecisionForm):
    """A reason from the vendor's list, and a note that the partner reads too."""

    area: ClassVar[str] = "mdf.claim"

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note to the partner"), max_length=500, required=False, **TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons(self.area)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write what the reason is. The partner reads it."))
        return cleaned


class RejectionForm(ReasonForm):
    title = _("Reject this claim")
    button = _("Reject claim")
    note_to = _("Nothing is paid. Until the deadline the partner may claim again.")


class AnotherAmountForm(ReasonForm):
    title = _("Approve another amount")
    button = _("Approve")
    note_to = _("The partner reads the reason and the note.")

    amount = forms.CharField(widget=forms.HiddenInput)


class LineForm(ReasonForm):
    title = _("Decide on this cost")
    button = _("Keep")
    note_to = _("The partner reads the reason with the decision.")

    def __init__(self, *args: Any, asked: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["reason_code"].required = False
        self.fields["amount"] = MoneyField(label=_("Pay of this cost"), offered=[asked.currency])
        self.order_fields(["amount", "reason_code", "note", "version"])

    def clean_amount(self) -> Money:
        amount = self.cleaned_data["amount"]
        if amount > self.asked:
            raise forms.ValidationError(_("That is more than was asked for."), code="more")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount = cleaned.get("amount")
        is_cut = amount is not None and amount != self.asked
        if is_cut and not cleaned.get("reason_code") and "reason_code" not in self.errors:
            self.add_error("reason_code", _("Choose why it is not paid in full. The partner reads it."))
        return cleaned


class FileForm(ReasonForm):
    title = _("Return this file")
    button = _("Return file")
    note_to = _("The partner sees why once you ask for information.")

    verdict = forms.CharField(widget=forms.HiddenInput, initial=ProofVerdict.RETURNED.value, required=False)


class ExtensionRefusalForm(ReasonForm):
    area = "deals.extension"
    title = _("Reject the extension")
    button = _("Reject extension")
    note_to = _("The deadline stays as it is. The partner reads the reason and the note.")


class ClawbackForm(ReasonForm):
    area = "mdf.clawback"
    title = _("Claw back")
    button = _("Claw back")
    note_to = _("It is taken off the partner’s next payments. The partner reads the reason and the note.")

    def __init__(self, *args: Any, keepable: Money, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(label=_("Amount"), offered=[keepable.currency], initial=keepable)
        self.order_fields(["amount", "reason_code", "note", "version"])


def reasons(area: str) -> list[tuple[str, str]]:
    """Return the vendor's reasons; "other" is always there, so that an emptied list stops nobody."""
    rows = ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code")
    found = {row.code: str(row) for row in rows}
    found.setdefault(OTHER, str(ReasonCode.LABELS[OTHER]))
    return list(found.items())


def reason(code: str) -> str:
    """Return a reason of claims in the reader's language, or the bare code once the vendor has none."""
    if not code:
        return ""
    row = ReasonCode.objects.filter(code=code, area__in=("mdf.claim", "mdf.clawback", "deals.extension")).first()
    return str(row or ReasonCode(code=code))
