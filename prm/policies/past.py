"""How an area shows its past records to a replay; the replay itself knows no area."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from prm.money import Money
from prm.policies.fields import Effect, Label


@dataclass(frozen=True)
class Outcome:
    """What a version of the rules makes of a record: effects by name, as they are stored, and which rules gave them.

    `given` is the money that the vendor gives by it, a discount or a share; nothing where nobody can say.
    """

    effects: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    given: Money | None = None


@dataclass(frozen=True)
class Compared:
    """A past record, and what two versions of the rules make of it."""

    pk: UUID
    title: str
    detail: str
    on: date
    value: Money | None
    before: Outcome
    after: Outcome
    page: str = ""  # where it is no record of the kind that the past is about otherwise

    @property
    def has_one_currency(self) -> bool:
        """Say whether what it is worth and what is given are of one currency, so that they can stand side by side."""
        return len({money.currency for money in (self.value, self.before.given, self.after.given) if money}) <= 1

    def changes(self, names: Sequence[str]) -> list[tuple[str, Any, Any]]:
        """Return what differs, with both values, in the order of the names, of which the first weighs most.

        Where that one differs, what only one side has follows from it, and is not told beside it.
        """
        pairs = [(name, self.before.effects.get(name), self.after.effects.get(name)) for name in names]
        found = [(name, before, after) for name, before, after in pairs if before != after]
        if not found or found[0][0] != names[0]:
            return found
        return [found[0], *(change for change in found[1:] if None not in change)]


@dataclass(frozen=True)
class Past:
    """The past of an area. `page` is the URL name of a record's page.

    `number` counts the records of a period. `compare` returns the next of them, after one of an id or from the first,
    at most so many, each judged under both bodies; it changes nothing. `effects` are what it says of them where that
    is not what rules give, and `without` what of the area cannot be tried.
    """

    page: str
    number: Callable[[date, date], int]
    compare: Callable[..., Sequence[Compared]]
    effects: Callable[[], tuple[Effect, ...]] | None = None
    without: Label = ""
