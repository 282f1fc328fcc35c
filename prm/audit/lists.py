"""The audit log as a list: narrowed by subject, person and day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.audit import words
from prm.events.facts import FACTS
from prm.ui.lists import FilterForm, Listing
from prm.ui.widgets import DateInput

PEOPLE = 200


def subjects() -> list[tuple[str, Any]]:
    """Return the kinds of things that events are about."""
    kinds = sorted({name.rpartition(".")[0] for name in FACTS})
    return [("", "—"), *((kind, capfirst(words.subject_name(kind))) for kind in kinds)]


class EventFilter(FilterForm):
    about = forms.ChoiceField(label=_("About"), choices=subjects)
    who = forms.CharField(label=_("Person's name or e-mail"), max_length=100)
    since = forms.DateField(label=_("From"), widget=DateInput())
    until = forms.DateField(label=_("Until"), widget=DateInput())
    record = forms.UUIDField(label=_("Record"), widget=forms.HiddenInput())
    lookups = {"record": "subject_id"}

    def narrow_about(self, events: QuerySet, kind: str) -> QuerySet:
        return events.filter(name__in=[name for name in FACTS if name.rpartition(".")[0] == kind])

    def narrow_who(self, events: QuerySet, text: str) -> QuerySet:
        people = Membership.objects.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
        return events.filter(by_id__in=list(people.values_list("user_id", flat=True)[:PEOPLE]))

    def narrow_since(self, events: QuerySet, day: date) -> QuerySet:
        return events.filter(pk__gte=_first_id_of(day))

    def narrow_until(self, events: QuerySet, day: date) -> QuerySet:
        return events.filter(pk__lt=_first_id_of(day + timedelta(days=1)))


def _first_id_of(day: date) -> UUID:
    """Ids begin with the time they were made, so a range of days is a range of the key."""
    midnight = datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
    return UUID(int=max(0, int(midnight.timestamp() * 1000)) << 80)


class EventList(Listing):
    """Newest first, by id; there is no other order."""

    filters = EventFilter
    first_sort = "-"

    @cached_property
    def sort(self) -> str:
        return self.first_sort
