"""Inboxes: what waits for a decision, in tabs that each have a clock, and the way from a decision to the next row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import groupby
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db.models import Case, F, QuerySet, Sum, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.choices import TextChoices
from prm.money import Money
from prm.ui import formats, keyset
from prm.ui.lists import FilterForm, Listing

NOT_KEPT = ("decided", "undone", "file", "page")  # what was just done, and what is looked at beside the list


class Due(TextChoices):
    """How what waits is grouped."""

    LATE = "late", _("Late")
    TODAY = "today", _("Due today")
    WEEK = "week", _("This week")
    LATER = "later", _("Later")


class Since(TextChoices):
    """How what is done is grouped."""

    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    EARLIER = "earlier", _("Earlier")


class Place(NamedTuple):
    """Where a row stood in the list before something was decided about it."""

    value: Any
    pk: UUID


class InboxFilter(FilterForm):
    """Narrows a tab; offers only what something in the tab has."""

    def __init__(self, *args: Any, rows: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows

    def offer(self, name: str, found: Callable[[], Iterable[tuple[Any, str]]]) -> None:
        """Give a field its choices when they are first asked for: most requests never show the form."""
        offered = cache(lambda: sorted({str(value): label for value, label in found()}.items(), key=lambda e: e[1]))
        self.fields[name].choices = lambda: [("", _("All")), *offered()]  # type: ignore[attr-defined]


class Inbox(Listing):
    """One tab, in the order of its clock. Subclasses say which tabs there are, what they list and how it is narrowed.

    `orders` says by which column each tab is ordered, falling (`-decided_at`) where it lists what is done.
    """

    sorts: ClassVar = {"due": "due"}
    tabs: ClassVar[type[TextChoices]]
    occasional: ClassVar[frozenset[Any]] = frozenset()  # tabs that are shown while they hold something
    orders: ClassVar[Mapping[Any, str]]
    filters: ClassVar[type[InboxFilter]]

    def __init__(self, params: QueryDict, member: Membership, at: datetime) -> None:
        self.params, self.member, self.at = _kept(params), member, at
        asked = params.get("view", "")
        self.view: Any = self.tabs(asked) if asked in self.views else self.first_view()
        self.params["view"] = self.view.value
        rows = self.rows_of(self.view)
        self.form = self.filters(self.params, rows=rows)
        self.matching = self.form.narrow(self.with_parts(rows).annotate(due=self._due()))

    def rows_of(self, view: Any) -> QuerySet:
        """Return what a tab lists."""
        raise NotImplementedError

    def with_parts(self, rows: QuerySet) -> QuerySet:
        """Return the rows with what the list says of each."""
        return rows

    @property
    def views(self) -> list[Any]:
        """The tabs that this person has."""
        return list(self.tabs)

    def tabs_with(self, counts: Mapping[Any, int], url: str) -> list[dict[str, Any]]:
        """Return the tabs as the page shows them, each with how much work it holds if it holds any."""
        return [
            {
                "label": view.label,
                "url": f"{url}?view={view.value}",
                "count": counts.get(view) or None,
                "current": view == self.view,
            }
            for view in self.views
            if view not in self.occasional or counts.get(view) or view == self.view
        ]

    def first_view(self) -> Any:
        """Open what waits for this person; if nothing does, what waits for the team."""
        mine, team = self.tabs("mine"), self.tabs("team")
        return mine if self.rows_of(mine).exists() else team

    # -- groups -----------------------------------------------------------------------------------
    def _due(self) -> Case:
        """In which group of the list a row belongs, in the days of whoever looks."""
        column, is_done = self._column
        zone = timezone.get_current_timezone()
        local = self.at.astimezone(zone).date()
        weekend = local.weekday() >= 5  # it looks at the coming week
        monday = local - timedelta(days=local.weekday())
        today, tomorrow, week, next_week = (
            datetime.combine(day, time.min, zone)
            for day in (local, local + timedelta(days=1), monday, monday + timedelta(days=14 if weekend else 7))
        )
        if is_done:
            return _first([(f"{column}__gte", today, Since.TODAY), (f"{column}__gte", week, Since.WEEK)], Since.EARLIER)
        edges: list[tuple[Any, Due]] = [(self.at, Due.LATE), (tomorrow, Due.TODAY), (next_week, Due.WEEK)]
        if self.counts_days:
            edges = [(edge.astimezone(zone).date(), due) for edge, due in edges]
        return _first([(f"{column}__lt", edge, due) for edge, due in edges], Due.LATER)

    @property
    def counts_days(self) -> bool:
        """Whether the clock of this tab is a day instead of an instant."""
        return False

    @property
    def groups(self) -> Iterator[tuple[str, list[Money], list[Any]]]:
        """The page's rows by what is due when: how the group is called, what all of it comes to, its rows here."""
        labels = dict(Since.choices if self._column[1] else Due.choices)
        for due, rows in groupby(self.rows, key=lambda row: row.due):
            yield labels[due], self._sums.get(due, []), list(rows)

    @cached_property
    def _sums(self) -> dict[str, list[Money]]:
        """What each group comes to, once per currency."""
        if not self.summed:
            return {}
        currency, amount = self.summed
        rows = self.matching.prefetch_related(None).order_by(currency).values("due", currency)
        found: dict[str, list[Money]] = {}
        for due, code, total in rows.annotate(total=Sum(amount)).values_list("due", currency, "total"):
            if code and total is not None:
                found.setdefault(due, []).append(Money(total, code))
        return found

    def due_of(self, row: Any) -> str:
        """When the row's clock runs out, or when it was decided."""
        value = getattr(row, self._column[0])
        if isinstance(value, datetime):
            return formats.due(value, self.at, timezone.get_current_timezone())
        return formats.day(value, timezone.localdate(), short=True) if isinstance(value, date) else ""

    # -- the query string -------------------------------------------------------------------------
    @property
    def sort(self) -> str:  # type: ignore[override]
        return self.orders[self.view]

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

    # -- the way on -------------------------------------------------------------------------------
    def place_of(self, row: Any) -> Place:
        """Remember where a row stands."""
        return Place(getattr(row, self._column[0], None), row.pk)

    def next_to(self, place: Place) -> Any | None:
        """Return the row after a place; at the end, the first of those that are left."""
        column, descending = self._column
        order = F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True)
        rows = self.matching.exclude(pk=place.pk).order_by(order, "-pk" if descending else "pk")
        further = keyset.beyond(column, keyset.Cursor(*place), descending=descending, backwards=False)
        return rows.filter(further).first() or rows.first()


def _first(cases: Iterable[tuple[str, Any, TextChoices]], otherwise: TextChoices) -> Case:
    return Case(*(When(**{lookup: edge}, then=Value(name)) for lookup, edge, name in cases), default=Value(otherwise))


def _kept(params: QueryDict) -> QueryDict:
    kept = params.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept
