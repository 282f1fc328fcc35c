"""What happened to calendars."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class CalendarMade(Fact):
    calendar_id: UUID
    calendar: str


@dataclass(frozen=True)
class CalendarChanged(Fact):
    """Its name, hours, zone or standing changed; `fields` names what."""

    calendar_id: UUID
    calendar: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CalendarRemoved(Fact):
    calendar_id: UUID
    calendar: str


@dataclass(frozen=True)
class CalendarDaysSet(Fact):
    """Holidays or days with other hours were added, or replaced what was said of the same days."""

    calendar_id: UUID
    calendar: str
    days: tuple[str, ...]


@dataclass(frozen=True)
class CalendarDayRemoved(Fact):
    calendar_id: UUID
    calendar: str
    day: str
