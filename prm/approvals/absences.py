"""Who stands in for whom while they are away; someone who is away too hands on what they stand in for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Absence:
    """From which day to which a person is away, both included, and who stands in."""

    user: str
    stand_in: str
    starts_on: date
    ends_on: date

    def on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def stand_ins_of(user: str, absences: Sequence[Absence], day: date) -> list[str]:
    """Return who may act for a person on a day, the nearest first; nobody unless the person is away."""
    away = {absence.user: absence.stand_in for absence in absences if absence.on(day)}
    found: list[str] = []
    while (following := away.get(user)) and following not in found:
        found.append(following)
        user = following
    return found


def absent_for(stand_in: str, absences: Sequence[Absence], day: date) -> list[str]:
    """Return for whom somebody stands in on a day, also by way of others who are away."""
    away = {absence.user for absence in absences if absence.on(day)}
    return sorted(user for user in away if user != stand_in and stand_in in stand_ins_of(user, absences, day))


def circle(new: Absence, absences: Iterable[Absence]) -> list[str]:
    """Return the people who would stand in for one another on some day, in their order; nobody if it is all right."""
    return next(_circles(new.user, new, list(absences), [new.user]), [])


def _circles(first: str, link: Absence, absences: list[Absence], passed: list[str]) -> Iterator[list[str]]:
    if link.stand_in == first:
        yield passed
    if link.stand_in in passed:
        return
    for absence in absences:
        starts_on, ends_on = max(link.starts_on, absence.starts_on), min(link.ends_on, absence.ends_on)
        if absence.user == link.stand_in and starts_on <= ends_on:
            following = Absence(absence.user, absence.stand_in, starts_on, ends_on)
            yield from _circles(first, following, absences, [*passed, absence.user])
