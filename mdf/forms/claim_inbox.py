"""The list of claims to decide as its query string asks for it."""

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

from mdf.models import Claim
from mdf.queries import claim_inbox as inbox
from mdf.queries.claim_inbox import View
from mdf.queries.claims import with_parts
from prm.accounts.models import Membership
from prm.ui import keyset
from prm.ui.lists import FilterForm, Listing

NOT_KEPT = ("decided", "undone", "file", "page")


class ClaimInboxFilter(FilterForm):
    """Narrows a tab; partners and funds are offered only if something of theirs is there."""

    q = forms.CharField(label=_("Search"), max_length=100)
    partner = forms.ChoiceField(label=_("Partner"))
    fund = forms.ChoiceField(label=_("Fund"))
    lookups: ClassVar = {"partner": "partner", "fund": "fund"}

    def __init__(self, *args: Any, rows: QuerySet[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("partner", lambda: {str(pk): name for pk, name in inbox.partners_of(rows)})
        self._offer("fund", lambda: {str(pk): name for pk, name in inbox.funds_of(rows)})

    def _offer(self, name: str, found: Callable[[], dict[str, str]]) -> None:
        """Give a field its choices when they are first asked for: most requests never show the form."""
        offered = cache(lambda: [("", _("All")), *sorted(found().items(), key=lambda entry: entry[1])])
        self.fields[name].choices = offered

    def narrow_q(self, rows: QuerySet[Claim], words: str) -> QuerySet[Claim]:
        for word in words.split()[:5]:
            rows = rows.filter(
                Q(number__icontains=word)
                | Q(request__title__icontains=word)
                | Q(request__number__icontains=word)
                | Q(partner__name__icontains=word)
            )
        return rows


class Place(NamedTuple):
    """Where a row stood in the list before something was decided about it."""

    value: Any
    pk: Any


class ClaimInboxList(Listing):
    """One tab, in the order of its clock."""

    sorts: ClassVar = {"due": "due"}

    def __init__(self, params: QueryDict, member: Membership, at: datetime) -> None:
        self.params, self.member, self.at = _kept(params), member, at
        asked = params.get("view", "")
        self.view = View(asked) if asked in View.values else self._first_view()
        self.params["view"] = self.view.value
        rows = inbox.rows_of(self.view, member, at)
        self.form = ClaimInboxFilter(self.params, rows=rows)
        rows = inbox.with_due(rows, self.view, at, timezone.get_current_timezone())
        self.matching = self.form.narrow(with_parts(rows))

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

    def place_of(self, row: Claim) -> Place:
        """Remember where a row stands."""
        return Place(getattr(row, self._column[0]), row.pk)

    def next_to(self, place: Place) -> Claim | None:
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
