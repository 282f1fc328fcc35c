"""The inbox's list as its query string asks for it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deals.models import ProductFamily, Registration
from deals.queries import inbox, queue
from deals.queries.inbox import View
from deals.queries.registrations import with_lines
from prm.accounts.models import Membership
from prm.inbox import lists as inboxes
from prm.ui import countries


class InboxFilter(inboxes.InboxFilter):
    """Narrows a tab; partners and countries are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    country = forms.ChoiceField(label=_("Country"))
    family = forms.ChoiceField(label=_("Product family"))
    rival = forms.ChoiceField(
        label=_("Other registrations"),
        choices=[("", _("All")), ("yes", _("Somebody else registered it")), ("no", _("Nobody else registered it"))],
    )
    turn = forms.ChoiceField(
        label=_("Turn"), choices=[("", _("All")), ("yes", _("Next in line")), ("no", _("Not next in line"))]
    )
    lookups: ClassVar = {"partner": "partner", "country": "customer_country"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = cache(lambda: inbox.partners_and_countries(self.rows))
        self.offer("partner", lambda: ((pk, name) for pk, name, _country in found()))
        self.offer("country", lambda: ((code, countries.name_of(code)) for _pk, _name, code in found() if code))
        self.offer("family", lambda: ProductFamily.objects.values_list("pk", "name"))

    def narrow_q(self, rows: QuerySet[Registration], words: str) -> QuerySet[Registration]:
        for word in words.split()[:5]:
            rows = rows.filter(
                Q(customer_name__icontains=word)
                | Q(customer_website__icontains=word)
                | Q(number__icontains=word)
                | Q(partner__name__icontains=word)
            )
        return rows

    def narrow_family(self, rows: QuerySet[Registration], family: str) -> QuerySet[Registration]:
        return rows.filter(inbox.having_family(UUID(family)))

    def narrow_rival(self, rows: QuerySet[Registration], answer: str) -> QuerySet[Registration]:
        return rows.filter(inbox.having_rivals() if answer == "yes" else ~inbox.having_rivals())

    def narrow_turn(self, rows: QuerySet[Registration], answer: str) -> QuerySet[Registration]:
        return rows.filter(queue.is_next() if answer == "yes" else ~queue.is_next())


class InboxList(inboxes.Inbox):
    """Registrations; those who only agree to steps have what asks them, and what they did."""

    tabs = View
    occasional = frozenset({View.EXTENSIONS, View.AMENDMENTS})
    orders = inbox.ORDER
    filters = InboxFilter
    summed = ("value_currency", "value_amount")

    def __init__(self, params: QueryDict, member: Membership, at: datetime, *, decides: bool = True) -> None:
        self.decides = decides
        super().__init__(params, member, at)

    @property
    def views(self) -> list[View]:
        return list(View) if self.decides else [View.MINE, View.DONE]

    def first_view(self) -> View:
        return super().first_view() if self.decides else View.MINE

    def rows_of(self, view: View) -> QuerySet[Registration]:
        return inbox.rows_of(view, self.member, self.at, decides=self.decides)

    def with_parts(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        rows = rows.annotate(is_next=queue.is_next()) if self.view in (View.MINE, View.TEAM) else rows
        return with_lines(rows).select_related("partner", "policy")

    @property
    def counts_days(self) -> bool:
        return self.view == View.EXTENSIONS  # protection ends with a day
