"""What a partner's administrator types about the company, and what the vendor changes of its identity."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.enums import Industry
from partners.models import Partner
from partners.queries import profiles as queries
from partners.services import profiles
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCardsMultiple

LINE: dict[str, Any] = {"validators": [no_control_characters]}
LINES: dict[str, Any] = {"validators": [no_control_characters_but_lines]}


class SeenForm(PortalForm):
    """A form that knows which state the person started from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def start_over(self, seen: str) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = seen


class ProfileForm(SeenForm):
    """A company in its own words."""

    address = forms.CharField(
        label=_("Street and postal code"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        **LINES,
    )
    city = forms.CharField(label=_("Town"), max_length=120, required=False, **LINE)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False, **LINE)
    website = forms.CharField(label=_("Website"), max_length=253, required=False, **LINE)
    description = forms.CharField(
        label=_("What you do"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences that help the vendor to send you the right customers."),
        **LINES,
    )
    regions = forms.MultipleChoiceField(
        label=_("Countries you sell in"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Hold Ctrl or Cmd to choose several."),
    )
    industries = forms.MultipleChoiceField(
        label=_("Industries of your customers"),
        choices=Industry.choices,
        required=False,
        widget=ChoiceCardsMultiple(columns=3),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = countries.choices()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, partner: Partner, posted: Any = None) -> ProfileForm:
        profile = queries.of(partner)
        seen = queries.seen_of(partner, profile)
        return cls(posted, initial={**queries.facts_of(partner, profile), "seen": seen})


class IdentityForm(SeenForm):
    """What identifies a company."""

    name = forms.CharField(label=_("Legal name"), max_length=200, **LINE)
    tax_id = forms.CharField(label=_("Tax number"), max_length=40, required=False, **LINE)
    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries.choices()  # type: ignore[attr-defined]

    @classmethod
    def of(cls, partner: Partner, posted: Any = None) -> IdentityForm:
        facts = profiles.identity_of(partner)
        return cls(posted, initial={**facts, "seen": queries.fingerprint(facts)})


class IdentityRequestForm(PortalForm):
    text = forms.CharField(
        label=_("What should be changed, and since when?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The vendor changes legal name, tax number and country, because contracts refer to them."),
        **LINES,
    )
