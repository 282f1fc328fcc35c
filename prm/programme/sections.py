"""The parts of a vendor's programme, as each app declares them; together they are the file of a programme.

    section("families", _("Product families"), order=10, written=written, take=take)

What is told apart by a code or a name is declared with `rows`, which checks each row by the form of its own screen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.policies import explanations
from prm.policies.fields import Label
from prm.policies.shapes import Shape
from prm.policies.values import Path

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of the file, said in the reader's language."""

    path: Path
    sentence: str


@dataclass
class Taking:
    """One attempt to take a file over: who does it, from which day its rules apply, and what was wrong."""

    by: Membership
    at: datetime
    effective_on: date
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, path: Path, sentence: object) -> None:
        self.problems.append(Problem(path, str(sentence)))

    def attempt(self, path: Path, use_case: Callable[[], object]) -> None:
        """Do what may be refused, and note the refusal."""
        try:
            use_case()
        except DomainError as refusal:
            self.refuse(path, refusal.sentence)

    def is_mapping(self, wanted: Any, path: Path, names: Sequence[str] = ()) -> bool:
        """Say whether something is a mapping, of these names where there are any; note what is wrong with it."""
        if not isinstance(wanted, Mapping):
            self.refuse(path, _("Names and values are expected here."))
            return False
        unknown = [name for name in wanted if names and name not in names]
        for name in unknown:
            self.is_known(name, names, (*path, name))
        return not unknown

    def is_known(self, word: Any, words: Sequence[str], path: Path) -> bool:
        """Say whether a word is one of those that mean something here, and note it if not."""
        if word not in words:
            known = {"name": word, "known": ", ".join(words)}
            self.refuse(path, _("“%(name)s” is not known here. Known are: %(known)s.") % known)
        return word in words

    def fits(self, body: Row, path: Path, *, flags: Collection[str] = (), lists: Collection[str] = ()) -> bool:
        """Say whether values are flags, lists or single ones, as they should be, and note which are not.

        Where a form checks them afterwards, it would take anything for a text, and any text for a yes.
        """
        before = len(self.problems)
        for name, value in body.items():
            if name in flags and not isinstance(value, bool):
                self.refuse((*path, name), _("Write true or false here."))
            elif name in lists:
                self.is_list(value, (*path, name))
            elif name not in flags and isinstance(value, bool | list | Mapping):
                self.refuse((*path, name), _("A single value is expected here. Put “true” and “false” in quotes."))
        return len(self.problems) == before

    def has_shape(self, shape: Shape, wanted: Any, path: Path) -> bool:
        """Say whether something has a shape, and note what has not."""
        found = list(shape(wanted, path))
        for problem in found:
            self.refuse(problem.path, explanations.problem(problem))
        return not found

    def is_list(self, wanted: Any, path: Path) -> bool:
        """Say whether something is a list, and note it if not."""
        if not isinstance(wanted, list):
            self.refuse(path, _("A list is expected here."))
        return isinstance(wanted, list)


@dataclass(frozen=True)
class Section:
    """One part of the file. `written` says what is on a day, `take` makes it what is wanted; what is not named stays.

    `keys` are what tells one thing of its list from another. `ids` are those of its things by what the file calls
    them, so that rules which point to them mean the same at another vendor.
    """

    name: str
    label: Label
    order: int
    written: Callable[[date], Any]
    take: Callable[[Any, Path, Taking], None]
    keys: tuple[str, ...] = ()
    ids: Callable[[], Mapping[UUID, str]] | None = None


SECTIONS: dict[str, Section] = {}


def section(name: str, label: Label, **facts: Any) -> Section:
    """Declare a part of the file by its name."""
    if name in SECTIONS:
        raise ValueError(f"{name} is declared twice.")
    SECTIONS[name] = Section(name, label, **facts)
    return SECTIONS[name]


def all_sections() -> list[Section]:
    """Return every part in the order in which they can be taken over."""
    return sorted(SECTIONS.values(), key=lambda found: (found.order, found.name))


def rows(
    name: str,
    label: Label,
    *,
    order: int,
    keys: tuple[str, ...],
    values: tuple[str, ...],
    kept: Callable[[], Sequence[Any]],
    form: type[Any],
    save: Callable[[Any, Any, Taking], object],
    ids: Callable[[], Mapping[UUID, str]] | None = None,
) -> Section:
    """Declare things that a vendor keeps one by one.

    `kept` returns all of them, `form` is the form of one's screen, and `save` does with a valid one what the screen
    does. Values that the file does not name stay, or are those that the screen starts with. A form of our own finds
    the thing that it changes as `kept`. A value such as `family.code` is the code of the family, and is called family.
    """
    names = tuple(value.partition(".")[0] for value in values)
    fields = form.base_fields.items()
    flags = [name for name, field in fields if isinstance(field, forms.BooleanField)]
    lists = [name for name, field in fields if isinstance(field, forms.MultipleChoiceField)]
    usual = {name: field.initial for name, field in fields if field.initial is not None}

    def shown(row: Any) -> dict[str, Any]:
        return {name: _plain(attrgetter(value)(row)) for name, value in zip(names, values, strict=True)}

    def written(on: date) -> list[dict[str, Any]]:
        return [shown(row) for row in kept()]

    def take(wanted: Any, path: Path, taking: Taking) -> None:
        if not taking.is_list(wanted, path):
            return
        known = {tuple(str(attrgetter(name)(row)) for name in keys): row for row in kept()}
        seen: set[tuple[str, ...]] = set()
        for number, body in enumerate(wanted):
            place = (*path, number)
            if not taking.is_mapping(body, place, names) or not taking.fits(body, place, flags=flags, lists=lists):
                continue
            key = tuple(str(body.get(name, "")) for name in keys)
            if key in seen:
                taking.refuse(place, _("“%(key)s” is here twice.") % {"key": " ".join(key)})
                continue
            seen.add(key)
            _take_row(known.get(key), body, place, taking)

    def _take_row(row: Any, body: Row, place: Path, taking: Taking) -> None:
        now = shown(row) if row is not None else {}
        if row is not None and now == {**now, **body}:
            return
        filled = form({name: _typed(value) for name, value in {**usual, **now, **body}.items()})
        filled.kept = row
        if filled.is_valid():
            taking.attempt(place, lambda: save(row, filled, taking))
            return
        for name, errors in filled.errors.items():
            for error in errors:
                taking.refuse((*place, name) if name in names else place, error)

    return section(name, label, order=order, written=written, take=take, keys=keys, ids=ids)


def _typed(value: Any) -> Any:
    """Return a value as somebody would have typed it: forms read numbers and days from texts."""
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _plain(value: Any) -> Any:
    """Return a value as a file holds it."""
    with override(None):
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, list | tuple):
            return [_plain(item) for item in value]
        return str(value)
