"""The inbox's list as its query string asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdf.models import FundRequest
from mdf.queries import inbox
from mdf.queries.inbox import View
from mdf.queries.requests import WITH
from prm.accounts.models import Membership
from prm.ui import keyset
from prm.ui.lists import FilterForm, Listing

NOT_KEPT = ("decided", "undone")


class InboxFilter(FilterForm):
    """Narrows a tab; partners and funds are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    fund = forms.ChoiceField(label=_("Fund"))

    def __init__(self, *args: Any, rows: QuerySet[FundRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("partner", lambda: dict(rows.order_by().values_list("partner", "partner__name").distinct()))
        self._offer("fund", lambda: dict(rows.order_by().values_list("fund", "fund__name").distinct()))

    def _offer(self, name: str, found: Callable[[], dict[Any, str]]) -> None:
        """Give a field its choices when they are first asked for: most requests never show the form."""
        offered = cache(
            lambda: [("", _("All")), *sorted(((str(pk), name) for pk, name in found().items()), key=lambda e: e[1])]
        )
        self.fields[name].choices = offered

    def narrow_q(self, rows: QuerySet[FundRequest], words: str) -> QuerySet[FundRequest]:
        for word in words.split()[:5]:
            rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(partner__name__icontains=word))
        return rows


class Place(NamedTuple):
    """Where a row stood in the list before something was decided about it."""

    value: Any
    pk: Any


class InboxList(Listing):
    """One tab, in the order of its clock."""

    sorts: ClassVar = {"due": "due"}

    def __init__(self, params: QueryDict, member: Membership, at: datetime) -> None:
        self.params, self.member, self.at = _kept(params), member, at
        asked = params.get("view", "")
        self.view = View(asked) if asked in View.values else self._first_view()
        self.params["view"] = self.view.value
        rows = inbox.rows_of(self.view, member, at)
        self.form = InboxFilter(self.params, rows=rows)
        rows = inbox.with_due(rows, self.view, at, timezone.get_current_timezone())
        self.matching = self.form.narrow(rows.select_related(*WITH))

    def _first_view(self) -> View:
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

    def place_of(self, row: FundRequest) -> Place:
        """Remember where a row stands."""
        return Place(getattr(row, self._column[0]), row.pk)

    def next_to(self, place: Place) -> FundRequest | None:
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
