"""The approval ladder: whose step is next. Nobody takes two of them, and nobody approves what is their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

FINANCE = "finance"


class Step(StrEnum):
    """What the next approval is, in the order of the ladder."""

    FIRST = "first"
    SECOND = "second"
    FINANCE = "finance"


class Hindrance(StrEnum):
    """Why somebody may not take the next step."""

    OWN = "own"
    ALREADY = "already"
    NEEDS_FINANCE = "needs_finance"
    NOT_YET_FINANCE = "not_yet_finance"


STEPS = (Step.FIRST, Step.SECOND, Step.FINANCE)


@dataclass(frozen=True)
class Ladder:
    """How many approvals are needed, and who gave those there are."""

    needed: int
    given_by: tuple[UUID, ...] = ()

    @property
    def next(self) -> Step:
        """Return the step that waits; the last of three is finance's."""
        return STEPS[min(len(self.given_by), 2)]

    @property
    def is_last(self) -> bool:
        """Say whether the next approval completes the ladder."""
        return len(self.given_by) + 1 >= self.needed

    def hindrance(self, user: UUID, role: str, *, own: Collection[UUID] = ()) -> Hindrance | None:
        """Return why a person may not take the next step, or nothing if they may."""
        if user in own:
            return Hindrance.OWN
        if user in self.given_by:
            return Hindrance.ALREADY
        if self.next == Step.FINANCE and role != FINANCE:
            return Hindrance.NEEDS_FINANCE
        if role == FINANCE and not (self.next == Step.FINANCE or (self.next == Step.SECOND and self.is_last)):
            return Hindrance.NOT_YET_FINANCE
        return None
