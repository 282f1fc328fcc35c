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


@dataclass(frozen=True)
class PartnerActivated(Fact):
    partner_id: UUID


@dataclass(frozen=True)
class PartnerTerminated(Fact):
    partner_id: UUID
    reason: str


@dataclass(frozen=True)
class TextAdded(Fact):
    text_id: UUID
    title: str


@dataclass(frozen=True)
class TextChanged(Fact):
    text_id: UUID
    title: str


@dataclass(frozen=True)
class TextPublished(Fact):
    text_id: UUID
    title: str
    number: int
    sha256: str
    effective_on: str


@dataclass(frozen=True)
class TextSent(Fact):
    text_id: UUID
    version_id: UUID
    title: str
    number: int
    accept_by: str = ""


@dataclass(frozen=True)
class AgreementFact(Fact):
    agreement_id: UUID
    partner_id: UUID
    title: str


@dataclass(frozen=True)
class AgreementOffered(AgreementFact):
    version: int = 1
    accept_by: str = ""


@dataclass(frozen=True)
class AgreementAccepted(AgreementFact):
    signer: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class AgreementDeclined(AgreementFact):
    note: str = ""


@dataclass(frozen=True)
class AgreementSuperseded(AgreementFact):
    pass


@dataclass(frozen=True)
class AgreementWithdrawn(AgreementFact):
    pass


@dataclass(frozen=True)
class AgreementReminded(AgreementFact):
    days_left: int = 0
    accept_by: str = ""


@dataclass(frozen=True)
class ChecklistOpened(Fact):
    checklist_id: UUID
    partner_id: UUID
    tasks: int


@dataclass(frozen=True)
class ChecklistCompleted(Fact):
    checklist_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class TaskFact(Fact):
    """`task` is the label the vendor gave; without one, the words of its kind."""

    task_id: UUID
    partner_id: UUID
    kind: str
    task: str = ""


@dataclass(frozen=True)
class TaskSubmitted(TaskFact):
    checked_by: str = ""


@dataclass(frozen=True)
class TaskAccepted(TaskFact):
    pass


@dataclass(frozen=True)
class TaskCompleted(TaskFact):
    """It completed itself: what it asks for was done elsewhere."""


@dataclass(frozen=True)
class TaskReturned(TaskFact):
    note: str = ""


@dataclass(frozen=True)
class TaskSkipped(TaskFact):
    note: str = ""
