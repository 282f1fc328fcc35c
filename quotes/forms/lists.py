"""Filters and order of the list of quotes."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from prm.ui.lists import FilterForm, Listing, OfferedField
from quotes.enums import Status
from quotes.queries import search


class QuoteFilter(FilterForm):
    """What a list of quotes can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    status = forms.MultipleChoiceField(label=_("State"), choices=Status.choices)
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    currency = forms.CharField(label=_("Currency"), max_length=3)
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput)
    valid_to = forms.DateField(label=_("Valid until"), widget=forms.DateInput)
    lookups = {
        "status": "status__in",
        "partner": "quote__partner",
        "currency": "quote__currency__iexact",
        "valid_from": "valid_until__gte",
        "valid_to": "valid_until__lte",
    }

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(quote_id__in=search.quotes(text))


class QuoteList(Listing):
    """Quotes, the latest touched first."""

    filters = QuoteFilter
    sorts = {"customer": "quote__customer_name", "net": "net_total", "valid": "valid_until", "saved": "saved_at"}
    first_sort = "-saved"
    summed = ("quote__currency", "net_total")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]
