"""Filters of the list of partners, and what is typed when one is suspended or placed in a tier."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerStatus, PartnerType
from partners.models import Partner
from partners.queries import partners as queries
from partners.queries import search
from prm.accounts.text import no_control_characters_but_lines
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing, OfferedField


class PartnerFilter(FilterForm):
    """What the list of partners can be narrowed by."""

    q = forms.CharField(label=_("Name, website or town"), max_length=100)
    type = forms.MultipleChoiceField(label=_("Type"), choices=PartnerType.choices)
    tier = OfferedField(lambda: queries.tiers().values_list("pk", "name"), label=_("Tier"))
    country = forms.ChoiceField(label=_("Country"))
    status = forms.MultipleChoiceField(label=_("Status"), choices=PartnerStatus.choices)
    lookups = {"type": "type__in", "status": "status__in"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]  # type: ignore[attr-defined]

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=search.partners(text))

    def narrow_tier(self, rows: QuerySet, tier: UUID) -> QuerySet:
        return rows.filter(tier_id=tier)


class PartnerList(Listing):
    """Partners by name."""

    filters = PartnerFilter
    sorts = {"name": "name", "type": "type", "country": "country", "joined": "joined_on"}
    first_sort = "name"


class SuspensionForm(PortalForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
        help_text=_("It stays in the history of the partner."),
    )


class TerminationForm(PortalForm):
    """Why, and the name once more, so that nobody ends the work with a partner by a wrong click."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
        help_text=_("It stays in the history of the partner, which can read it."),
    )
    name = forms.CharField(label=_("Name of the partner, to confirm"), max_length=200)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partner = partner

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip().casefold() != self.partner.name.strip().casefold():
            raise forms.ValidationError(_("Type the name as it stands above."))
        return self.partner.name


class NoteForm(PortalForm):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
        help_text=_("Only your company sees this."),
    )
