"""The inbox's list as its query string asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models import ProductFamily, Registration
from deals.queries import inbox, queue
from deals.queries.inbox import View
from deals.queries.registrations import with_lines
from prm.accounts.models import Membership
from prm.ui import countries, keyset
from prm.ui.lists import FilterForm, Listing

NOT_KEPT = ("decided", "undone")


class InboxFilter(FilterForm):
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

    def __init__(self, *args: Any, rows: QuerySet[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = cache(lambda: inbox.partners_and_countries(rows))
        self._offer("partner", lambda: {str(pk): name for pk, name, _country in found()})
        self._offer("country", lambda: {code: countries.name_of(code) for _pk, _name, code in found() if code})
        self._offer("family", lambda: {str(f.pk): f.name for f in ProductFamily.objects.order_by("position", "name")})

    def _offer(self, name: str, found: Callable[[], dict[str, str]]) -> None:
        """Give a field its choices when they are first asked for: most requests never show the form."""
        offered = cache(lambda: [("", _("All")), *sorted(found().items(), key=lambda entry: entry[1])])
        self.fields[name].choices = offered

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


class Place(NamedTuple):
    """Where a row stood in the list before something was decided about it."""

    value: Any
    pk: Any


class InboxList(Listing):
    """One tab, in the order of its clock."""

    sorts: ClassVar = {"due": "due"}

    def __init__(self, params: QueryDict, member: Membership, at: datetime, *, decides: bool = True) -> None:
        self.params, self.member, self.at, self.decides = _kept(params), member, at, decides
        asked = params.get("view", "")
        self.view = View(asked) if asked in self.views else self._first_view()
        self.params["view"] = self.view.value
        rows = inbox.rows_of(self.view, member, at, decides=self.decides)
        self.form = InboxFilter(self.params, rows=rows)
        rows = inbox.with_due(rows, self.view, at, timezone.get_current_timezone())
        self.matching = self.form.narrow(with_lines(rows).select_related("partner", "policy"))

    @property
    def views(self) -> list[View]:
        """Return the tabs: those who only agree to steps have what asks them, and what they did."""
        return list(View) if self.decides else [View.MINE, View.DONE]

    def _first_view(self) -> View:
        if not self.decides:
            return View.MINE
        return View.MINE if inbox.rows_of(View.MINE, self.member, self.at).exists() else View.TEAM

    @property
    def sort(self) -> str:  # type: ignore[override]
        return inbox.ORDER[self.view]

    @property
    def _column(self) -> tuple[str, bool]:
        return self.sort.removeprefix("-"), self.sort.startswith("-")

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [("view", self.view.value), *super().kept]

    @property
    def tail(self) -> str:
        """What addresses carry along, so that a decision finds its way back into this list."""
        return f"?{self.params.urlencode()}"

    def place_of(self, row: Registration) -> Place:
        """Remember where a row stands."""
        return Place(getattr(row, self._column[0]), row.pk)

    def next_to(self, place: Place) -> Registration | None:
        """Return the row after a place; at the end, the first of those that are left."""
        column, descending = self._column
        order = F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        rows = self.matching.exclude(pk=place.pk).order_by(order, "-pk" if descending else "pk")
        further = keyset.beyond(column, keyset.Cursor(*place), descending=descending, backwards=False)
        return rows.filter(further).first() or rows.first()


def _kept(params: QueryDict) -> QueryDict:
    kept = params.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept
