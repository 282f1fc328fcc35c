"""What happened to disputes; the events are about the records, whose timelines tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class DisputeFact(Fact):
    dispute_id: UUID


@dataclass(frozen=True)
class DisputeRaised(DisputeFact):
    reason_code: str
    decide_by: str


@dataclass(frozen=True)
class DisputeAsked(DisputeFact):
    question: str
    answer_by: str


@dataclass(frozen=True)
class DisputeAnswered(DisputeFact):
    answer: str


@dataclass(frozen=True)
class DisputeUpheld(DisputeFact):
    reason_code: str
    note: str


@dataclass(frozen=True)
class DisputeOverturned(DisputeFact):
    reason_code: str
    note: str


@dataclass(frozen=True)
class DisputeWithdrawn(DisputeFact):
    is_ended: bool = False  # by the end of the work with the partner
    is_lapsed: bool = False  # nobody answered in time
