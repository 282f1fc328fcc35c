"""Filters and order of the list of orders."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from prm.ui.lists import FilterForm, Listing, OfferedField
from quotes.enums import OrderStatus


class OrderFilter(FilterForm):
    """What a list of orders can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    status = forms.MultipleChoiceField(label=_("State"), choices=OrderStatus.choices)
    partner = OfferedField(lambda: Partner.objects.order_by("name").values_list("pk", "name"), label=_("Partner"))
    lookups = {"status": "status__in", "partner": "partner"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        for word in text.split()[:5]:
            rows = rows.filter(
                Q(number__icontains=word)
                | Q(purchase_order__icontains=word)
                | Q(quote__number__icontains=word)
                | Q(quote__customer_name__icontains=word)
            )
        return rows


class OrderList(Listing):
    """Orders, the latest first."""

    filters = OrderFilter
    sorts = {"customer": "quote__customer_name", "net": "net_total", "ordered": "ordered_at"}
    first_sort = "-ordered"
    summed = ("currency", "net_total")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The tab stays, too, when filters change."""
        view = self.params.get("view", "")
        return [*super().kept, *([("view", view)] if view else [])]
