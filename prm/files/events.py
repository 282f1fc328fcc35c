"""What happened to the files of a record; the event is about the record."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class FileAdded(Fact):
    file_id: UUID
    file_name: str


@dataclass(frozen=True)
class FileRemoved(Fact):
    file_id: UUID
    file_name: str


@dataclass(frozen=True)
class FileRefused(Fact):
    """The scanner found something; the content was deleted."""

    file_id: UUID
    file_name: str
    reason: str
