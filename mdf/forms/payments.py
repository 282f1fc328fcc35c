"""What finance types: which claims are paid together, and that they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.models import Claim
from mdf.queries.payments import Line
from prm.accounts.text import no_control_characters
from prm.money import Money
from prm.money.forms import MoneyField, written
from prm.ui.forms import PortalForm


class PartForm(PortalForm):
    """How much of one claim is paid now."""

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(label=_("Pay now"), offered=[claim.currency], initial=claim.unpaid)


class PaidForm(PortalForm):
    """That the bank paid. The total is typed, because it cannot be taken back."""

    payments = forms.MultipleChoiceField(label=_("Paid"), widget=forms.CheckboxSelectMultiple)
    paid_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput)
    reference = forms.CharField(
        label=_("Reference of the bank"), max_length=60, required=False, validators=[no_control_characters]
    )

    def __init__(self, *args: Any, lines: Sequence[Line], total: Money, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["payments"].choices = [(str(line.payment.pk), line.payment.partner.name) for line in lines]
        self.initial = {"payments": [str(line.payment.pk) for line in lines], "paid_on": today}
        self.fields["total"] = MoneyField(
            label=_("Type the total"),
            offered=[total.currency],
            help_text=_("All together it is %(total)s.") % {"total": f"{written(total)} {total.currency}"},
        )
        self.order_fields(["payments", "paid_on", "reference", "total"])

    def clean_paid_on(self) -> date:
        paid_on = self.cleaned_data["paid_on"]
        if paid_on > self.today:
            raise forms.ValidationError(_("This day is in the future. Enter the day on which the bank paid."))
        return paid_on
