"""Small forms of what can be done with a quote or an order after it was written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.inbox.forms import OTHER, reasons
from prm.ui.forms import PortalForm
from quotes.models import OrderLine

TEXT: dict[str, Any] = {
    "max_length": 2000,
    "widget": forms.Textarea,
    "validators": [no_control_characters_but_lines],
}


class NoteForm(PortalForm):
    """A note that may be empty."""

    note = forms.CharField(label=_("Note"), required=False, **TEXT)


class RequestForm(NoteForm):
    """What approvers should know."""

    note = forms.CharField(
        label=_("Note to those who decide"),
        required=False,
        help_text=_("Who else offers, what decides, by when the customer orders."),
        **TEXT,
    )


class NothingForm(PortalForm):
    """Nothing to fill in: only a button."""


class AnswerForm(PortalForm):
    """The answer to a question of the vendor."""

    answer = forms.CharField(label=_("Your answer"), **TEXT)


class LinkForm(PortalForm):
    """To whom the offer goes; without an address the link is only shown."""

    email = forms.EmailField(
        label=_("Customer’s e-mail"),
        required=False,
        max_length=254,
        help_text=_("Leave it empty to get a link that you hand over yourself."),
    )
    message = forms.CharField(label=_("Message"), required=False, **TEXT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("message") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _("Say to whom the message goes."))
        return cleaned


class RecordForm(PortalForm):
    """A yes that the partner got by other means."""

    name = forms.CharField(
        label=_("Who accepted it at the customer?"), max_length=120, validators=[no_control_characters]
    )
    purchase_order = forms.CharField(
        label=_("Purchase order number"), max_length=60, required=False, validators=[no_control_characters]
    )
    file = forms.FileField(
        label=_("Signed offer or purchase order"),
        required=False,
        help_text=_("PDF, picture or office file."),
    )


class DeclineForm(PortalForm):
    """A no, with its reason."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Note"), required=False, **TEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons("quotes.decline")]


class AcceptanceForm(PortalForm):
    """A yes on the customer's link: who says it, and that they mean it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    purchase_order = forms.CharField(
        label=_("Your order number"), max_length=60, required=False, validators=[no_control_characters]
    )
    means_it = forms.BooleanField(label=_("I accept this offer and order what it lists. I may do so for my company."))


class RefusalForm(DeclineForm):
    """A no on the customer's link."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["reason_code", "note", "name"]


class OrderForm(PortalForm):
    """A move of an order, about the version that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label=_("Note to the partner"), required=False, **TEXT)


class AcknowledgementForm(OrderForm):
    """The quantities that can be delivered, as ordered unless somebody changes them."""

    field_order = ["version"]

    def __init__(self, *args: Any, lines: list[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"quantity-{line.pk}"] = forms.IntegerField(
                label=line.quoted.name,
                initial=line.quantity,
                min_value=0,
                max_value=999_999,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        self.order_fields(["version", *(f"quantity-{line.pk}" for line in lines), "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given: dict[UUID, int] = {line.pk: cleaned.pop(f"quantity-{line.pk}", None) for line in self.lines}
        if given and None not in given.values() and not any(given.values()):
            self.add_error(None, _("Nothing would be left of the order. Cancel it instead."))
        cleaned["quantities"] = given
        return cleaned


class ScheduleForm(OrderForm):
    """The day of delivery."""

    day = forms.DateField(label=_("Delivered on"), widget=forms.DateInput)
    field_order = ["version", "day", "note"]


class CancellationForm(OrderForm):
    """Why an order is cancelled."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    field_order = ["version", "reason_code", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", _("Choose a reason")), *reasons("quotes.cancellation")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason_code") == OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say in a sentence what the reason is."))
        return cleaned
