"""Who is neutral enough to decide about an appeal. Pure: people are ids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum

from prm.approvals.absences import Absence, stand_ins_of


class Partiality(StrEnum):
    """Why somebody may not decide about an appeal."""

    RAISED = "raised"  # the appeal is theirs
    DECIDED = "decided"  # they decided first, or somebody decided for them
    STANDS_IN = "stands_in"  # for somebody who decided first, then or now


def partiality(
    person: str, *, deciders: Collection[str], raised_by: str, absences: Sequence[Absence], days: Iterable[date]
) -> Partiality | None:
    """Return why a person is not neutral; nothing if they are. `days` are that of the first decision and today."""
    if person == raised_by:
        return Partiality.RAISED
    if person in deciders:
        return Partiality.DECIDED
    if any(person in stand_ins_of(decider, absences, day) for decider in deciders for day in days):
        return Partiality.STANDS_IN
    return None
