"""Filters and order of the lists of claims and of payments."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.enums import ClaimStatus
from mdf.forms.lists import offered_funds
from mdf.queries import search
from partners.models import Partner
from prm.ui.lists import FilterForm, Listing, OfferedField


class ClaimFilter(FilterForm):
    """What a list of claims can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    status = forms.MultipleChoiceField(label=_("State"), choices=ClaimStatus.choices)
    fund = OfferedField(offered_funds, label=_("Fund"))
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    lookups = {"status": "status__in"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(search.fitting_claims(text))


class ClaimList(Listing):
    """Claims, the latest touched first."""

    filters = ClaimFilter
    sorts = {"title": "request__title", "asked": "asked_amount", "sent": "submitted_at", "saved": "saved_at"}
    first_sort = "-saved"
    summed = ("currency", "asked_amount")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]
