"""What happened to those who sell."""

from dataclasses import dataclass
from typing import ClassVar
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
class DistributorOpened(Fact):
    """Partners that are not below it may name it on their deals, too."""

    partner_id: UUID


@dataclass(frozen=True)
class DistributorClosed(Fact):
    partner_id: UUID


@dataclass(frozen=True)
class TierChanged(Fact):
    """`reasons` are the codes of the evaluation that decided it; nobody evaluated what a person placed by hand."""

    partner_id: UUID
    tier_id: UUID
    reason: str
    tier: str = ""
    starts_on: str = ""
    was: str = ""
    note: str = ""
    held_until: str = ""
    reasons: tuple[str, ...] = ()
    version: int = 0


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


@dataclass(frozen=True)
class ApplicationFact(Fact):
    application_id: UUID


@dataclass(frozen=True)
class ApplicationDecision(ApplicationFact):
    """A decision waits a few seconds before anybody is told, so that it can be undone; `was` is the status before."""

    is_undoable: ClassVar[bool] = True
    was: str
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ApplicationSubmitted(ApplicationFact):
    score: int = 0
    duplicates: int = 0


@dataclass(frozen=True)
class ApplicationAssigned(ApplicationFact):
    owner_id: UUID | None
    owner: str = ""


@dataclass(frozen=True)
class ApplicationOpened(ApplicationFact):
    pass


@dataclass(frozen=True)
class ApplicationAsked(ApplicationDecision):
    question: str = ""
    fields: tuple[str, ...] = ()
    answer_by: str = ""


@dataclass(frozen=True)
class ApplicationAnswered(ApplicationFact):
    answer: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApplicationRejected(ApplicationDecision):
    rules: tuple[str, ...] = ()  # names of those that refused it, where nobody did
    is_deemed: bool = False  # nobody decided in time


@dataclass(frozen=True)
class ApplicationApproved(ApplicationFact):
    """The partner is there, and its first administrator is invited: this is not taken back."""

    partner_id: UUID
    tier: str = ""
    note: str = ""
    rules: tuple[str, ...] = ()
    is_deemed: bool = False  # nobody decided in time


@dataclass(frozen=True)
class ApplicationDeemingStopped(ApplicationFact):
    """Nobody decided in time, and silence could not approve it: a person decides, late as it is."""


@dataclass(frozen=True)
class ApplicationUndone(ApplicationFact):
    event_id: UUID
    decision: str


@dataclass(frozen=True)
class ApplicationWithdrawn(ApplicationFact):
    note: str = ""


@dataclass(frozen=True)
class ApplicationExpired(ApplicationFact):
    was: str = ""


@dataclass(frozen=True)
class JoinRequested(Fact):
    join_request_id: UUID


@dataclass(frozen=True)
class JoinInvited(Fact):
    join_request_id: UUID
    invitation_id: UUID


@dataclass(frozen=True)
class JoinDeclined(Fact):
    join_request_id: UUID


@dataclass(frozen=True)
class JoiningPublished(Fact):
    """New terms and questions for those who apply from a day on."""

    number: int
    effective_on: str


@dataclass(frozen=True)
class BankEntered(Fact):
    """The details themselves stay out of the history."""

    account_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class BankAccepted(Fact):
    account_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class BankReturned(Fact):
    account_id: UUID
    partner_id: UUID
    note: str = ""


@dataclass(frozen=True)
class ChecklistPlanned(Fact):
    template_id: UUID
    partner_type: str
    tasks: int


@dataclass(frozen=True)
class CertificationAdded(Fact):
    certification_id: UUID
    title: str


@dataclass(frozen=True)
class CertificationChanged(Fact):
    certification_id: UUID
    title: str


@dataclass(frozen=True)
class CertificateFact(Fact):
    certificate_id: UUID
    partner_id: UUID
    title: str
    holder: str


@dataclass(frozen=True)
class CertificateSubmitted(CertificateFact):
    pass


@dataclass(frozen=True)
class CertificateConfirmed(CertificateFact):
    until: str = ""


@dataclass(frozen=True)
class CertificateReturned(CertificateFact):
    note: str = ""


@dataclass(frozen=True)
class CertificateWithdrawn(CertificateFact):
    pass


@dataclass(frozen=True)
class CertificateRevoked(CertificateFact):
    note: str = ""


@dataclass(frozen=True)
class CertificateReminded(CertificateFact):
    days_left: int = 0
    until: str = ""


@dataclass(frozen=True)
class CertificateExpired(CertificateFact):
    until: str = ""


@dataclass(frozen=True)
class NoteWritten(Fact):
    """An internal note of the vendor about a partner."""

    partner_id: UUID
    text: str


@dataclass(frozen=True)
class ProfileEdited(Fact):
    partner_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True)
class IdentityChanged(Fact):
    partner_id: UUID
    company: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class IdentityRequested(Fact):
    partner_id: UUID
    text: str


@dataclass(frozen=True)
class TierWarned(Fact):
    """The partner no longer meets what its tier asks, and loses it at the review of a day unless it does again."""

    partner_id: UUID
    tier: str
    demotes_on: str
    version: int


@dataclass(frozen=True)
class TierSecured(Fact):
    """The partner meets again what its tier asks: the warning is over."""

    partner_id: UUID
    tier: str


@dataclass(frozen=True)
class TierProposed(Fact):
    partner_id: UUID
    tier_id: UUID
    tier: str
    version: int


@dataclass(frozen=True)
class ProposalDeclined(Fact):
    partner_id: UUID
    tier: str
    until: str
    note: str = ""


@dataclass(frozen=True)
class AchievementsCredited(Fact):
    """Something that tiers count was added or taken back."""

    partner_id: UUID


@dataclass(frozen=True)
class FigureRecorded(Fact):
    partner_id: UUID
    label: str
    amount: str
    on: str


@dataclass(frozen=True)
class RequirementConfirmed(Fact):
    partner_id: UUID
    label: str
    until: str = ""


@dataclass(frozen=True)
class RequirementUnconfirmed(Fact):
    partner_id: UUID
    label: str


@dataclass(frozen=True)
class RequirementWaived(Fact):
    partner_id: UUID
    requirement: str
    until: str
    reason: str


@dataclass(frozen=True)
class ProgramPublished(Fact):
    number: int
    effective_on: str
