"""The inbox's tabs and the list of all applications, as their query strings ask for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.enums import ApplicationStatus, PartnerType
from partners.models import Application
from partners.queries import applications, search
from partners.queries.applications import View
from prm.accounts.models import Membership
from prm.ui import countries, keyset
from prm.ui.lists import FilterForm, Listing

NOT_KEPT = ("decided", "undone")
SENT = [(code, label) for code, label in ApplicationStatus.choices if code != ApplicationStatus.DRAFT]


class ApplicationFilter(FilterForm):
    """What applications can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    type = forms.MultipleChoiceField(label=_("Type"), choices=PartnerType.choices)
    country = forms.ChoiceField(label=_("Country"))
    lookups: ClassVar = {"type": "type__in", "country": "country", "status": "status__in"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]  # type: ignore[attr-defined]

    def narrow_q(self, rows: QuerySet[Application], words: str) -> QuerySet[Application]:
        return rows.filter(pk__in=search.applications(words))


class AllApplicationsFilter(ApplicationFilter):
    """The same, and where they stand."""

    status = forms.MultipleChoiceField(label=_("Status"), choices=SENT)
    is_mine = forms.BooleanField(label=_("Only mine"))

    def __init__(self, *args: Any, member: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def narrow_is_mine(self, rows: QuerySet[Application], is_mine: bool) -> QuerySet[Application]:
        return rows.filter(owner=self.member.user_id) if self.member and is_mine else rows


class ApplicationList(Listing):
    """All applications that were sent, the latest first."""

    filters = AllApplicationsFilter
    sorts: ClassVar = {"company": "company_name", "score": "score", "sent": "submitted_at", "due": "decide_by"}
    first_sort = "-sent"

    def __init__(self, params: QueryDict, rows: QuerySet[Application], member: Membership) -> None:
        super().__init__(params, rows)
        self.form = AllApplicationsFilter(self.params, member=member)
        self.matching = self.form.narrow(rows)


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
        self.form = ApplicationFilter(self.params)
        rows = applications.rows_of(self.view, member, at).select_related("owner")
        rows = applications.with_due(rows, self.view, at, timezone.get_current_timezone())
        self.matching = self.form.narrow(rows)

    def _first_view(self) -> View:
        return View.MINE if applications.rows_of(View.MINE, self.member, self.at).exists() else View.TEAM

    @property
    def sort(self) -> str:  # type: ignore[override]
        return applications.ORDER[self.view]

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

    def place_of(self, row: Application) -> Place:
        """Remember where a row stands."""
        return Place(getattr(row, self._column[0]), row.pk)

    def next_to(self, place: Place) -> Application | None:
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
