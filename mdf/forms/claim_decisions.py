"""What is asked of a person who decides on a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.enums import ProofVerdict
from prm.inbox import forms as deciding
from prm.inbox.forms import TEXT, DecisionForm
from prm.money import Money
from prm.money.forms import MoneyField, written
from prm.policies.models import ReasonCode

ASKABLE = [("lines", _("Costs and invoices")), ("files", _("Files")), ("result", _("Result"))]
LOOKED_AT = [
    *ASKABLE,
    ("settled_on", _("Day by which all invoices were paid")),
    ("is_final", _("Whether it is the last claim")),
    ("custom", _("Custom fields")),
]


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


class QuestionForm(deciding.QuestionForm):
    """A question to the partner; what is named opens again for it."""

    askable = ASKABLE


class ReasonForm(deciding.ReasonForm):
    """Why, of the reasons that claims have."""

    area = "mdf.claim"
    note = forms.CharField(label=_("Note to the partner"), required=False, **TEXT | {"max_length": 500})


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


def reason(code: str) -> str:
    """Return a reason of claims in the reader's language, or the bare code once the vendor has none."""
    if not code:
        return ""
    row = ReasonCode.objects.filter(code=code, area__in=("mdf.claim", "mdf.clawback", "deals.extension")).first()
    return str(row or ReasonCode(code=code))
