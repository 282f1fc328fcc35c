"""What the vendor's people type about opportunities and touches of their own, and how those are listed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from deals.enums import DirectStage, Stage, TouchKind
from deals.models import DirectOpportunity, ProductFamily
from deals.models.directs import PHASES
from deals.services.directs import Named, Opportunity
from prm.accounts.text import no_control_characters
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing
from prm.ui.widgets import Segments, Ticks

PLAIN = [no_control_characters]
LONGEST_ID = 80


class CustomerForm(PortalForm):
    """Who the customer is; what identifies it is found as for a partner's registration."""

    name = forms.CharField(label=_("Company name"), max_length=200, validators=PLAIN)
    country = forms.ChoiceField(label=_("Country"))
    website = forms.CharField(label=_("Website"), max_length=253, required=False, validators=PLAIN)
    tax_id = forms.CharField(label=_("Tax number"), max_length=40, required=False, validators=PLAIN)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if "country" in self.fields:
            self.fields["country"].choices = [("", _("Choose a country")), *countries.choices()]

    @property
    def customer(self) -> Named:
        return Named(**{name: self.cleaned_data[name] for name in ("name", "country", "website", "tax_id")})

    def _not_later(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."), code="future")
        return day


class OpportunityFields(CustomerForm):
    """What is said of an opportunity."""

    title = forms.CharField(label=_("Opportunity"), max_length=200, required=False, validators=PLAIN)
    families = forms.ModelMultipleChoiceField(
        label=_("Products"),
        queryset=ProductFamily.across_tenants.none(),
        required=False,
        widget=Ticks,
        help_text=_("Without any it counts for all products."),
    )
    owner = forms.CharField(label=_("Who works at it"), max_length=120, validators=PLAIN)
    stage = forms.ChoiceField(label=_("Stage"), choices=DirectStage.choices, widget=Segments, initial=DirectStage.OPEN)
    phase = forms.ChoiceField(
        label=_("How far it is"),
        choices=[("", _("Not known")), *PHASES],
        required=False,
        help_text=_("Rules about a partner’s registration can ask for it."),
    )
    opened_on = forms.DateField(label=_("Opened on"), widget=forms.DateInput, help_text=_("As your CRM has it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["families"].queryset = ProductFamily.objects.order_by("position", "name")  # type: ignore[attr-defined]

    def clean_opened_on(self) -> date:
        return self._not_later("opened_on")

    @property
    def opportunity(self) -> Opportunity:
        return Opportunity(
            owner=self.cleaned_data["owner"],
            opened_on=self.cleaned_data["opened_on"],
            title=self.cleaned_data["title"],
            families=tuple(family.pk for family in self.cleaned_data["families"]),
            stage=DirectStage(self.cleaned_data["stage"]),
            phase=Stage(self.cleaned_data["phase"]) if self.cleaned_data["phase"] else None,
        )


class NewOpportunityForm(OpportunityFields):
    external_id = forms.CharField(
        label=_("Id in your CRM"),
        max_length=LONGEST_ID,
        required=False,
        validators=PLAIN,
        help_text=_("An import finds it again by this."),
    )


class OpportunityForm(OpportunityFields):
    """A change; the customer stays."""

    name = country = website = tax_id = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @classmethod
    def of(cls, row: DirectOpportunity, posted: Any = None, *, today: date) -> OpportunityForm:
        """Return the form with what is kept, or with what was typed over it."""
        names = ("title", "families", "owner", "stage", "phase", "opened_on", "version")
        return cls(posted, initial={name: getattr(row, name) for name in names}, today=today)


class TouchForm(CustomerForm):
    """That somebody of the vendor was in touch with a customer."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TouchKind.choices)
    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, validators=PLAIN)

    def clean_happened_on(self) -> date:
        return self._not_later("happened_on")


# -- lists ---------------------------------------------------------------------------------------------
class _CustomerFilter(FilterForm):
    q = forms.CharField(label=_("Search"), max_length=100)
    country = forms.ChoiceField(label=_("Country"))
    lookups = {"country": "customer__country", "stage": "stage", "kind": "kind"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        for word in text.split()[:5]:
            rows = rows.filter(self.having(word))
        return rows

    def having(self, word: str) -> Q:
        """The condition that a row says a word."""
        return Q(customer__name__icontains=word) | Q(customer__website__icontains=word) | Q(external_id__iexact=word)


class OpportunityFilter(_CustomerFilter):
    """What the list of opportunities can be narrowed by."""

    stage = forms.ChoiceField(label=_("Stage"), choices=[("", _("Any")), *DirectStage.choices])

    def having(self, word: str) -> Q:
        return super().having(word) | Q(title__icontains=word) | Q(owner__icontains=word)


class OpportunityList(Listing):
    """Opportunities, the latest logged first."""

    filters = OpportunityFilter
    sorts = {"customer": "customer__name", "opened": "opened_on", "logged": "logged_at"}
    first_sort = "-logged"


class TouchFilter(_CustomerFilter):
    """What the list of touches can be narrowed by."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Any")), *TouchKind.choices])


class TouchList(Listing):
    """Touches, the latest first."""

    filters = TouchFilter
    sorts = {"customer": "customer__name", "day": "happened_on", "logged": "logged_at"}
    first_sort = "-day"
