"""Looking ahead at a tier, and what the vendor's people say about the requirements of one partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.enums import Metric, TierReason
from partners.forms.numbers import NumberField
from partners.models import Tier
from partners.queries import partners as queries
from partners.rules.records import Entry
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.policies.periods import months_later
from prm.ui.forms import PortalForm

YEARS = 24  # months that one can look ahead
LINES = [no_control_characters_but_lines]


class AheadForm(PortalForm):
    """A day to look ahead to, and what more would be achieved by then."""

    on = forms.DateField(label=_("Day"), required=False)
    revenue = NumberField(label=_("More revenue"), required=False)
    won_deals = NumberField(label=_("More won deals"), required=False, is_whole=True)
    registrations = NumberField(label=_("More approved registrations"), required=False, is_whole=True)
    people = NumberField(label=_("More certified people"), required=False, is_whole=True)

    def __init__(self, *args: Any, today: date, metrics: set[Metric], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.currency = today, currency
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs |= {"min": today.isoformat(), "max": months_later(today, YEARS).isoformat()}
        self.fields["revenue"].help_text = currency
        asked = {
            "revenue": Metric.REVENUE,
            "won_deals": Metric.WON_DEALS,
            "registrations": Metric.REGISTRATIONS,
            "people": Metric.CERTIFIED,
        }
        for name, metric in asked.items():
            if metric not in metrics:
                del self.fields[name]

    def clean_on(self) -> date | None:
        day: date | None = self.cleaned_data["on"]
        if day is not None and not self.today <= day <= months_later(self.today, YEARS):
            raise forms.ValidationError(_("Choose a day from today on, at most two years ahead."))
        return day

    @property
    def day(self) -> date:
        return self.cleaned_data.get("on") or self.today

    @property
    def entries(self) -> list[Entry]:
        """Return what would be achieved, on the day itself."""
        found = []
        for name, metric in (
            ("revenue", Metric.REVENUE),
            ("won_deals", Metric.WON_DEALS),
            ("registrations", Metric.REGISTRATIONS),
        ):
            amount = self.cleaned_data.get(name)
            if amount:
                currency = self.currency if metric == Metric.REVENUE else ""
                found.append(Entry(metric, self.day, Decimal(amount), currency))
        return found

    @property
    def more_people(self) -> int:
        return int(self.cleaned_data.get("people") or 0)

    @property
    def asks(self) -> bool:
        """Say whether anything but today as it is was asked for."""
        return self.is_valid() and (self.day != self.today or bool(self.entries) or bool(self.more_people))


class ConfirmationForm(PortalForm):
    """That a partner has what a tier asks for, and how long that is certain."""

    ends_on = forms.DateField(
        label=_("Until"), required=False, help_text=_("Without a day it holds until somebody takes it back.")
    )
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), validators=LINES
    )


class FigureForm(PortalForm):
    """A figure that the vendor's people count themselves."""

    amount = NumberField(label=_("Figure"), can_be_negative=True)
    on = forms.DateField(label=_("As of"))
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), validators=LINES
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)


class WaiverForm(PortalForm):
    """Until when a requirement is not asked of a partner, and why."""

    ends_on = forms.DateField(label=_("Until"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=LINES,
        help_text=_("The partner reads it too."),
    )


class DeclineForm(PortalForm):
    """Why a partner is left where it is."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=LINES,
        help_text=_("Only your company sees it. The promotion is proposed again at the next review."),
    )


class PlacementForm(PortalForm):
    """Which tier, from which day, why, and how long an exception lasts."""

    tier = forms.ModelChoiceField(label=_("Tier"), queryset=Tier.across_tenants.none(), empty_label=None)
    starts_on = forms.DateField(
        label=_("From"), help_text=_("The tier before ends the day before. What was decided stays as it is.")
    )
    reason = forms.ChoiceField(label=_("Why"), choices=TierReason.choices, widget=forms.RadioSelect)
    held_until = forms.DateField(
        label=_("Exception until"),
        required=False,
        help_text=_("Only for an exception: until then evaluations leave the partner where it is."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        validators=[no_control_characters],
        help_text=_("It stays in the history, and the partner reads it."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": today, "reason": TierReason.EARNED}, **kwargs)
        self.fields["tier"].queryset = queries.tiers()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        until, starts_on = chosen.get("held_until"), chosen.get("starts_on")
        if chosen.get("reason") == TierReason.EXCEPTION:
            if until is None and "held_until" not in self.errors:
                self.add_error("held_until", _("Say until when the exception lasts."))
            if not chosen.get("note") and "note" not in self.errors:
                self.add_error("note", _("Write why the exception is made."))
        elif until is not None:
            self.add_error("held_until", _("Only an exception has an end. Leave this empty, or choose Exception."))
        if until and starts_on and until < starts_on:
            self.add_error("held_until", _("The exception ends before it begins."))
        return chosen
