"""Filters and order of the list of deals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.enums import ProtectionState, Review, Stage
from deals.models import ProductFamily, RegistrationLine
from deals.queries import idle, search, types
from deals.queries import terms as registration_terms
from partners.enums import PartnerType
from partners.models import Partner
from prm.ui import countries
from prm.ui.lists import FilterForm, Listing, OfferedField


class RegistrationFilter(FilterForm):
    """What a list of deals can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    type = forms.MultipleChoiceField(label=_("Type of deal"), choices=types.choices)
    review = forms.MultipleChoiceField(label=_("Review"), choices=Review.choices)
    protection = forms.MultipleChoiceField(label=_("Protection"), choices=ProtectionState.choices)
    stage = forms.MultipleChoiceField(label=_("Stage"), choices=Stage.choices)
    family = OfferedField(
        lambda: ProductFamily.objects.order_by("position", "name").values_list("pk", "name"), label=_("Product")
    )
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    distributor = OfferedField(
        lambda: Partner.objects.filter(type=PartnerType.DISTRIBUTOR).order_by("name").values_list("pk", "name"),
        label=_("Distributor"),
    )
    country = forms.ChoiceField(label=_("Country"))
    idle = forms.ChoiceField(label=_("Movement"), choices=[("", _("Any")), ("yes", _("Protected, without movement"))])
    closes_from = forms.DateField(label=_("Closes from"), widget=forms.DateInput)
    closes_to = forms.DateField(label=_("Closes until"), widget=forms.DateInput)
    lookups = {
        "type": "type__in",
        "review": "review__in",
        "protection": "protection__in",
        "stage": "stage__in",
        "country": "customer_country",
        "closes_from": "close_on__gte",
        "closes_to": "close_on__lte",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=search.registrations(text))

    def narrow_idle(self, rows: QuerySet, _answer: str) -> QuerySet:
        now = timezone.now()
        _version, terms = registration_terms.current(registration_terms.today_of_vendor(now))
        return idle.without_movement(rows, now - timedelta(days=terms.idle_days))

    def narrow_family(self, rows: QuerySet, family: UUID) -> QuerySet:
        return rows.filter(pk__in=RegistrationLine.objects.filter(family=family).values("registration_id"))


class RegistrationList(Listing):
    """Deals, the latest touched first."""

    filters = RegistrationFilter
    sorts = {
        "customer": "customer_name",
        "value": "value_amount",
        "close": "close_on",
        "protection": "protected_until",
        "saved": "saved_at",
    }
    first_sort = "-saved"
    summed = ("value_currency", "value_amount")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]
