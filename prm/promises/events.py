"""What happened to promised times that nobody kept yet."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class PromiseFact(Fact):
    """`subject_type` and `subject_id` are the record whose decision is promised until `due`."""

    subject_type: str
    subject_id: UUID
    due: str


@dataclass(frozen=True)
class PromiseWarned(PromiseFact):
    """Much of the promised time passed without a decision."""


@dataclass(frozen=True)
class PromiseEscalated(PromiseFact):
    """So much of it passed that others are told, too: all of it if it `is_late`."""

    is_late: bool


@dataclass(frozen=True)
class PromiseTellingChanged(Fact):
    warn_percent: int
    escalate_percent: int
    role: str
