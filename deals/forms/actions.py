"""Small forms of what can be done with a registration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.enums import Stage
from deals.queries import endings
from deals.rules import lifecycle
from prm.accounts.models import Membership
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.money import Money
from prm.money.forms import MoneyField
from prm.policies.models import ReasonCode
from prm.ui.forms import PortalForm
from prm.ui.widgets import SeveralFiles, Suggest

TEXT = {"max_length": 2000, "widget": forms.Textarea, "validators": [no_control_characters_but_lines]}


class NoteForm(PortalForm):
    """A note that may be empty."""

    note = forms.CharField(label=_("Note"), required=False, **TEXT)


class AmendmentForm(NoteForm):
    """What comes with a change of facts."""

    files = forms.Field(
        label=_("Files"),
        required=False,
        widget=SeveralFiles,
        help_text=_("Such as the customer’s letter or a new tender. They belong to the deal once the change counts."),
    )
    field_order = ["files", "note"]


class AnswerForm(PortalForm):
    """The answer to a question, beside the fields that reopened."""

    answer = forms.CharField(label=_("Your answer"), **TEXT)


class ExtensionForm(PortalForm):
    """Why the protection should last longer."""

    progress = forms.CharField(
        label=_("What has happened since the approval?"),
        help_text=_("Meetings, tests or offers with their dates. The channel manager decides on this."),
        **TEXT,
    )


class StageForm(PortalForm):
    """How far the deal is."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[(s.value, s.label) for s in lifecycle.open_stages()])

    def clean_stage(self) -> Stage:
        return Stage(self.cleaned_data["stage"])


class CheckInForm(StageForm):
    """That the deal is alive: how far it is, when it closes, and what has happened."""

    close_on = forms.DateField(label=_("Expected close"), widget=forms.DateInput)
    note = forms.CharField(
        label=_("What has happened?"),
        help_text=_("One sentence is enough: the last meeting, the next step."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
    )

    def __init__(self, *args: Any, today: date, kept: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.kept = kept  # a day that stays right, though it is over

    def clean_close_on(self) -> date:
        close_on: date = self.cleaned_data["close_on"]
        if close_on < self.today and close_on != self.kept:
            raise forms.ValidationError(_("The close date is in the past. Choose today or a later day."))
        if close_on.year > self.today.year + 10:
            raise forms.ValidationError(_("The close date is more than ten years away."))
        return close_on


class HandoverForm(NoteForm):
    """Which colleague looks after the deal from now on."""

    to = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(member.pk): member for member in colleagues}
        names = [(pk, member.user.name or member.user.email) for pk, member in self.colleagues.items()]
        self.fields["to"].choices = [("", _("Choose a colleague")), *names]  # type: ignore[attr-defined]
        self.order_fields(["to", "note"])

    def clean_to(self) -> Membership:
        return self.colleagues[self.cleaned_data["to"]]


class SaleForm(PortalForm):
    """What the deal was worth in the end, since when, and by which order."""

    amount = MoneyField(label=_("Final value"), offered=[])
    closed_on = forms.DateField(label=_("Day of the order"), widget=forms.DateInput)
    order_reference = forms.CharField(
        label=_("Order reference"),
        required=False,
        max_length=80,
        validators=[no_control_characters],
        help_text=_("The number of the customer’s order or of yours."),
    )

    def __init__(self, *args: Any, value: Money, today: date, since: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.since = today, since
        self.fields["closed_on"].initial = today
        self.currency = value.currency
        label, initial = self.fields["amount"].label, value.rounded()
        self.fields["amount"] = MoneyField(label=label, offered=[value.currency], initial=initial)

    def clean_amount(self) -> Money:
        amount: Money = self.cleaned_data["amount"]
        if amount.currency != self.currency:
            words = _("The deal is in %(currency)s. Change its currency first; the vendor agrees to that.")
            raise forms.ValidationError(words % {"currency": self.currency}, code="currency")
        return amount

    def clean_closed_on(self) -> date:
        closed_on: date = self.cleaned_data["closed_on"]
        if closed_on > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        if self.since and closed_on < self.since:
            raise forms.ValidationError(_("This is before the deal was registered."))
        return closed_on


class WinForm(SaleForm):
    """A sale, and what proves it."""

    proof = forms.FileField(label=_("Proof"), help_text=_("The order or the signed offer, as PDF or picture."))

    def __init__(self, *args: Any, needs_proof: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].required = needs_proof


class ReasonForm(PortalForm):
    """A reason from the vendor's list and, where the reason alone says little, a note."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, **TEXT)

    def __init__(self, *args: Any, area: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code")
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *[(r.code, str(r)) for r in reasons]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == "other" and not cleaned.get("note"):
            self.add_error("note", _("Say in a sentence what the reason is."))
        return cleaned


class LossForm(ReasonForm):
    """Why a deal was lost, and to whom."""

    competitor = forms.CharField(
        label=_("Competitor"),
        required=False,
        max_length=120,
        validators=[no_control_characters],
        widget=Suggest(endings.competitors),
        help_text=_("Who won it, if you know."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, area="deals.loss", **kwargs)
        self.order_fields(["reason_code", "competitor", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason_code") == "competitor" and not cleaned.get("competitor"):
            self.add_error("competitor", _("Name who won it."))
        return cleaned
