"""What happened to people and to the portal they work in."""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class MemberInvited(Fact):
    invitation_id: UUID
    email: str
    role: str


@dataclass(frozen=True)
class InvitationResent(Fact):
    invitation_id: UUID


@dataclass(frozen=True)
class InvitationRevoked(Fact):
    invitation_id: UUID


@dataclass(frozen=True)
class MemberJoined(Fact):
    membership_id: UUID
    invitation_id: UUID
    role: str


@dataclass(frozen=True)
class MemberRoleChanged(Fact):
    membership_id: UUID
    before: str
    after: str


@dataclass(frozen=True)
class MemberSuspended(Fact):
    membership_id: UUID


@dataclass(frozen=True)
class MemberRestored(Fact):
    membership_id: UUID


@dataclass(frozen=True)
class ProfileChanged(Fact):
    """The vendor changed its brand, calendar, currency or what distributors see; `fields` names what."""

    fields: list[str]
    lets_distributors_see_below: bool
