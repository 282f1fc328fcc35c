"""What happened to those who sell."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class PartnerEnrolled(Fact):
    partner_id: UUID


@dataclass(frozen=True)
class PartnerSuspended(Fact):
    """`members` are those who lost their entry by it, and get it back with the partner."""

    partner_id: UUID
    reason: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartnerRestored(Fact):
    partner_id: UUID


@dataclass(frozen=True)
class TierChanged(Fact):
    partner_id: UUID
    tier_id: UUID
    reason: str
    tier: str = ""
    starts_on: str = ""
