"""Filters and order of the lists of requests and of funds."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mdf.enums import EntryKind, FundStatus, RequestStatus
from mdf.models import ActivityType, FundProgram
from mdf.queries import search
from partners.models import Partner
from prm.ui.lists import FilterForm, Listing, OfferedField


def offered_funds() -> QuerySet:
    """Return the funds whose requests and claims there may be, for filters."""
    return FundProgram.objects.exclude(status=FundStatus.DRAFT).order_by("name").values_list("pk", "name")


class RequestFilter(FilterForm):
    """What a list of requests can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    status = forms.MultipleChoiceField(label=_("State"), choices=RequestStatus.choices)
    fund = OfferedField(offered_funds, label=_("Fund"))
    activity_type = OfferedField(
        lambda: ActivityType.objects.order_by("position", "name").values_list("pk", "name"),
        say=gettext,
        label=_("Kind of activity"),
    )
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    starts_from = forms.DateField(label=_("Starts from"), widget=forms.DateInput)
    starts_to = forms.DateField(label=_("Starts until"), widget=forms.DateInput)
    lookups = {"status": "status__in", "starts_from": "starts_on__gte", "starts_to": "starts_on__lte"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(search.fitting_requests(text))


class RequestList(Listing):
    """Requests, the latest touched first."""

    filters = RequestFilter
    sorts = {"title": "title", "asked": "asked_amount", "starts": "starts_on", "saved": "saved_at"}
    first_sort = "-saved"
    summed = ("currency", "asked_amount")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]


class EntryFilter(FilterForm):
    """What a ledger can be narrowed by; the running balance stays that of all entries."""

    kind = forms.MultipleChoiceField(label=_("Kind"), choices=EntryKind.choices)
    booked_from = forms.DateField(label=_("From"), widget=forms.DateInput)
    booked_to = forms.DateField(label=_("Until"), widget=forms.DateInput)
    lookups = {"kind": "kind__in", "booked_from": "booked_on__gte", "booked_to": "booked_on__lte"}


class EntryList(Listing):
    """Movements of money, the latest first."""

    filters = EntryFilter
    sorts = {"at": "at"}
    first_sort = "-at"


class LedgerFilter(EntryFilter):
    """The same for a whole fund, by partner too."""

    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    lookups = {**EntryFilter.lookups, "partner": "allocation__partner"}


class LedgerList(EntryList):
    """Movements of money of a fund."""

    filters = LedgerFilter
