"""Filters and order of the lists of claims and of payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.enums import ClaimStatus, FundStatus
from mdf.models import FundProgram
from mdf.queries import search
from partners.models import Partner
from prm.ui.lists import FilterForm, Listing


class ClaimFilter(FilterForm):
    """What a list of claims can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    status = forms.MultipleChoiceField(label=_("State"), choices=ClaimStatus.choices)
    fund = forms.ModelChoiceField(label=_("Fund"), queryset=FundProgram.across_tenants.none())
    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Partner.across_tenants.none())
    lookups = {"status": "status__in"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = FundProgram.objects.exclude(status=FundStatus.DRAFT).order_by("name")
        self.fields["partner"].queryset = Partner.objects.order_by("name")

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(search.fitting_claims(text))


class ClaimList(Listing):
    """Claims, the latest touched first."""

    filters = ClaimFilter
    sorts = {"title": "request__title", "asked": "asked_amount", "sent": "submitted_at", "saved": "saved_at"}
    first_sort = "-saved"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]
