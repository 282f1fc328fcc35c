"""Declarative list pages: filters, order, pages and view are all in the query string.

A `Listing` costs two queries, whatever the number of rows: the rows, and all that is asked beside them. Pages follow
the key of the last row instead of an offset, so a page stays the same length deep in the list and rows never repeat
when others are added.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet, Sum
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from prm import together
from prm.money import Money
from prm.ui import keyset

PAGE_SIZES = (25, 50, 100)
COUNT_LIMIT = 1000

SORT, SIZE, AFTER, BEFORE = "sort", "size", "after", "before"
PAGING = (AFTER, BEFORE)
COUNT, TOTAL = "-count", "-total"  # among the answers, where names of fields stand too


class OfferedField(forms.ChoiceField):
    """One of the vendor's records by its id; which there are is asked together with what else stands beside a list."""

    def __init__(self, offered: Callable[[], QuerySet], *, say: Callable[[str], str] = str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered, self.say = offered, say  # `values_list` of ids and names, and how a name is said

    def clean(self, value: Any) -> UUID | None:
        try:
            return UUID(value) if value else None
        except ValueError as error:
            raise ValidationError("") from error


class FilterForm(forms.Form):
    """The filters of a list. A field narrows by `narrow_<field>` or by its entry in `lookups`."""

    lookups: ClassVar[Mapping[str, str]] = {}
    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask = lambda: together.ask(self.offered())
        for name, field in self.fields.items():
            field.required = False
            if isinstance(field, OfferedField):
                field.choices = self._choices_of(name, field.say)

    def offered(self) -> dict[str, QuerySet]:
        """Return the questions behind the fields that offer records."""
        return {name: field.offered() for name, field in self.fields.items() if isinstance(field, OfferedField)}

    def _choices_of(self, name: str, say: Callable[[str], str]) -> Callable[[], list[tuple[str, str]]]:
        return lambda: [("", _("Any")), *((str(pk), say(label)) for pk, label in self.ask()[name])]

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Apply every filter that was filled in correctly; a mistaken one is ignored."""
        self.is_valid()
        for name in self.active:
            own = getattr(self, f"narrow_{name}", None)
            value = self.cleaned_data[name]
            queryset = own(queryset, value) if own else queryset.filter(**{self.lookups.get(name, name): value})
        return queryset

    @cached_property
    def active(self) -> list[str]:
        """The names of the fields that narrow the list, in the order of the form."""
        self.is_valid()
        cleaned = self.cleaned_data
        return [name for name in self.fields if name in cleaned and not _is_blank(cleaned[name])]

    def words(self, name: str) -> str:
        """The value of an active filter as a person would say it."""
        field, value = self.fields[name], self.cleaned_data[name]
        if isinstance(field, OfferedField):
            return dict(field.choices).get(str(value), "–")
        if isinstance(field, forms.ModelChoiceField):
            picked = [value] if isinstance(value, Model) else list(value)
            return ", ".join(field.label_from_instance(item) for item in picked)
        if isinstance(field, forms.ChoiceField):
            labels = {str(code): str(label) for code, label in _flat(field.choices)}
            return ", ".join(labels.get(str(code), str(code)) for code in _as_list(value))
        if isinstance(field, forms.BooleanField):
            return _("yes") if value else _("no")
        if isinstance(field, forms.DateField):
            return date_format(value, "SHORT_DATE_FORMAT")
        return str(value)


def _is_blank(value: Any) -> bool:
    return value in (None, "", False) or (hasattr(value, "__len__") and len(value) == 0)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    flat: list[tuple[Any, Any]] = []
    for code, label in choices:
        flat.extend(label if isinstance(label, (list, tuple)) else [(code, label)])
    return flat


@dataclass(frozen=True)
class Chip:
    """One active filter and the address of the list without it."""

    label: str
    words: str
    remove_url: str


@dataclass(frozen=True)
class Count:
    """How many rows match, counted up to a limit so that large tables stay fast."""

    number: int
    is_exact: bool


class Listing:
    """A page of a list as the query string asks for it. Subclasses say what can be filtered and sorted."""

    filters: ClassVar[type[FilterForm]] = FilterForm
    sorts: ClassVar[Mapping[str, str]] = {}
    first_sort: ClassVar[str] = ""
    summed: ClassVar[tuple[str, str] | None] = None  # the columns of a currency and an amount, to say what it comes to

    def __init__(self, params: QueryDict, queryset: QuerySet) -> None:
        self.params = params
        self.form = self.filters(params)
        self.form.ask = lambda: self.answers
        self.matching = self.form.narrow(queryset)

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What stands beside the rows, in one question: their number, their sums, and what the filters offer."""
        questions = {**self.form.offered(), COUNT: self.matching.order_by()[: COUNT_LIMIT + 1]}
        if self.summed:
            currency, amount = self.summed
            sums = self.matching.order_by().values(currency).annotate(total=Sum(amount))
            questions[TOTAL] = sums.values_list(currency, "total")
        return together.ask(questions)

    # -- what the query string asks for ----------------------------------------------------------
    @cached_property
    def sort(self) -> str:
        """The asked order if it is allowed, otherwise the first one: `value` or `-value`."""
        asked = self.params.get(SORT, "")
        return asked if asked.removeprefix("-") in self.sorts else self.first_sort

    @cached_property
    def size(self) -> int:
        """Rows on a page."""
        asked = self.params.get(SIZE, "")
        return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]

    # -- the page ---------------------------------------------------------------------------------
    @cached_property
    def _page(self) -> tuple[list[Any], bool, bool]:
        """The rows, whether there are earlier ones, and whether there are later ones."""
        after = keyset.read(self.params.get(AFTER, ""), self.sort)
        before = keyset.read(self.params.get(BEFORE, ""), self.sort)
        if before is not None:
            rows = self._take(before, backwards=True)
            if len(rows) > self.size:
                return rows[: self.size][::-1], True, True
        elif after is not None:
            rows = self._take(after)
            if rows:
                return rows[: self.size], True, len(rows) > self.size
        rows = self._take(None)  # first page, also after a bad cursor or one whose rows are gone
        return rows[: self.size], False, len(rows) > self.size

    def from_cursor(self, cursor: keyset.Cursor | None, size: int) -> tuple[list[Any], bool]:
        """Return so many rows after a cursor, for whoever does not look at pages, and whether there are more."""
        self.size = size
        rows = self._take(cursor)
        return rows[:size], len(rows) > size

    def _take(self, cursor: keyset.Cursor | None, *, backwards: bool = False) -> list[Any]:
        """One row more than a page, from the cursor on; the nearest first."""
        column, descending = self._column
        queryset = self.matching
        if cursor is not None:
            queryset = queryset.filter(keyset.beyond(column, cursor, descending=descending, backwards=backwards))
        falling = descending != backwards
        order = [F("pk").desc() if falling else F("pk").asc()]
        if column:
            nulls: dict[str, Any] = {"nulls_first": True} if backwards else {"nulls_last": True}
            order.insert(0, F(column).desc(**nulls) if falling else F(column).asc(**nulls))
        return list(queryset.order_by(*order)[: self.size + 1])

    @property
    def _column(self) -> tuple[str, bool]:
        return self.sorts.get(self.sort.removeprefix("-"), ""), self.sort.startswith("-")

    @property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        return self._page[0]

    @cached_property
    def count(self) -> Count:
        """How many rows match, up to a thousand."""
        found = self.answers[COUNT]
        return Count(min(found, COUNT_LIMIT), found <= COUNT_LIMIT)

    @property
    def total(self) -> list[Money]:
        """What the matching rows come to in each currency, the largest first; currencies are never added up."""
        sums = (Money(amount, currency) for currency, amount in self.answers[TOTAL] if currency and amount)
        return sorted(sums, key=lambda money: -money.amount)

    # -- addresses ----------------------------------------------------------------------------------
    def _url(self, *, without: tuple[str, ...] = (), **values: str) -> str:
        params = self.params.copy()
        for name in (*PAGING, *without):
            params.pop(name, None)
        for name, value in values.items():
            params[name] = value
        for name in [name for name, given in params.lists() if not any(given)]:
            del params[name]
        return f"?{params.urlencode()}"

    @property
    def query(self) -> str:
        """What a saved view stores: everything but the position."""
        return self._url().removeprefix("?")

    @property
    def clear_url(self) -> str:
        """The list without any filter."""
        return self._url(without=tuple(self.form.fields))

    @property
    def next_url(self) -> str:
        rows, _earlier, later = self._page
        return self._url(after=self.cursor_at(rows[-1])) if rows and later else ""

    @property
    def previous_url(self) -> str:
        rows, earlier, _later = self._page
        return self._url(before=self.cursor_at(rows[0])) if rows and earlier else ""

    def cursor_at(self, row: Any) -> str:
        """Return the place of a row, after which another page starts."""
        column, _descending = self._column
        return keyset.write(keyset.Cursor(keyset.value_of(row, column), row.pk), self.sort)

    def sort_url(self, name: str) -> str:
        """The list in the order of this column, turned when it already is."""
        return self._url(sort=f"-{name}" if self.sort == name else name)

    def direction_of(self, name: str) -> str:
        """`ascending`, `descending` or nothing, as `aria-sort` wants it."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "")

    @property
    def size_urls(self) -> list[tuple[int, str]]:
        return [(size, self._url(size=str(size))) for size in PAGE_SIZES]

    @property
    def chips(self) -> list[Chip]:
        """The active filters in words."""
        return [
            Chip(str(self.form[name].label), self.form.words(name), self._url(without=(name,)))
            for name in self.form.active
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Order and size, which the filter form carries along in hidden inputs."""
        return [(name, self.params[name]) for name in (SORT, SIZE) if self.params.get(name)]
