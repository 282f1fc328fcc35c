"""Filters of the list of where partners stand."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from partners.enums import Outcome
from partners.queries import partners as queries
from partners.queries import search
from prm.ui.lists import FilterForm, Listing, OfferedField

URGENCY = (Outcome.PROPOSED, Outcome.WARNED, Outcome.AT_RISK, Outcome.UNPLACED, Outcome.HELD, Outcome.SAFE)


def by_urgency(rows: QuerySet) -> QuerySet:
    """Add how urgent each row is: what waits for a person first."""
    order = [When(outcome=outcome, then=Value(place)) for place, outcome in enumerate(URGENCY)]
    return rows.annotate(urgency=Case(*order, default=Value(len(URGENCY)), output_field=IntegerField()))


class StandingFilter(FilterForm):
    """What the list can be narrowed by."""

    q = forms.CharField(label=_("Name, website or town"), max_length=100)
    outcome = forms.MultipleChoiceField(label=_("Standing"), choices=Outcome.choices)
    tier = OfferedField(lambda: queries.tiers().values_list("pk", "name"), label=_("Tier"))
    lookups = {"outcome": "outcome__in"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(partner__in=search.partners(text))

    def narrow_tier(self, rows: QuerySet, tier: UUID) -> QuerySet:
        return rows.filter(tier_id=tier)


class StandingList(Listing):
    """Partners, those first that need somebody."""

    filters = StandingFilter
    sorts = {"urgency": "urgency", "name": "partner__name", "ends": "demotes_on"}
    first_sort = "urgency"
