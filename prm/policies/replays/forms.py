"""Over which days a draft is tried, and which of the changes a list shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing

YEAR = timedelta(days=365)
LONGEST = timedelta(days=3660)


class PeriodForm(PortalForm):
    """The first and the last day on which a record arrived."""

    first_on = forms.DateField(label=_("From"), widget=forms.DateInput)
    last_on = forms.DateField(label=_("Until"), widget=forms.DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"first_on": today - YEAR, "last_on": today}, **kwargs)
        self.today = today

    def clean_last_on(self) -> date:
        last_on = self.cleaned_data["last_on"]
        if last_on > self.today:
            raise forms.ValidationError(_("The period ends today at the latest."), code="future")
        return last_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and first > last:
            self.add_error("last_on", _("The period ends before it begins."))
        elif first and last and last - first > LONGEST:
            self.add_error("first_on", _("Choose at most ten years."))
        return cleaned


class ChangeFilter(FilterForm):
    """What the list of changes can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(title__icontains=text) | rows.filter(detail__icontains=text)


class ChangeList(Listing):
    """The records that would change, the latest first."""

    filters = ChangeFilter
    sorts = {"value": "amount", "on": "on"}
    first_sort = "-on"
    summed = ("currency", "amount")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The group that is looked at stays, too, when filters change."""
        group = self.params.get("group", "")
        return [*super().kept, *([("group", group)] if group else [])]
