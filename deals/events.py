"""What happened to deals. Payloads are ids and codes; sentences are templates."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from prm.events.facts import Fact


@dataclass(frozen=True)
class RegistrationFact(Fact):
    registration_id: UUID


@dataclass(frozen=True)
class Decision(RegistrationFact):
    """A decision waits a few seconds before anybody is told, so that it can be undone; `was` is the state before."""

    is_undoable: ClassVar[bool] = True
    was: tuple[str, str, str]
    reason_code: str = ""
    note: str = ""
    rules: tuple[str, ...] = ()  # names of those that decided in place of a person
    is_deemed: bool = False  # nobody decided in time


@dataclass(frozen=True)
class RegistrationStarted(RegistrationFact):
    pass


@dataclass(frozen=True)
class RegistrationSubmitted(RegistrationFact):
    conflicts: int = 0
    is_on_behalf: bool = False


@dataclass(frozen=True)
class CustomersToldApart(RegistrationFact):
    rival_id: UUID


@dataclass(frozen=True)
class CustomersUntold(RegistrationFact):
    rival_id: UUID


@dataclass(frozen=True)
class CustomerFact(Fact):
    customer_id: UUID
    customer: str


@dataclass(frozen=True)
class CustomerAdded(CustomerFact):
    """One of the vendor's people wrote it down, before any partner registered it."""


@dataclass(frozen=True)
class CustomerChanged(CustomerFact):
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CustomersImported(Fact):
    import_id: UUID
    file: str
    added: int


@dataclass(frozen=True)
class BetweenCustomers(CustomerFact):
    """Told on the record of each of the two."""

    other_id: UUID
    other: str


@dataclass(frozen=True)
class CustomerMerged(BetweenCustomers):
    """The other one was found to be this one."""


@dataclass(frozen=True)
class CustomerDissolved(BetweenCustomers):
    """It was found to be the other one, and goes on as a part of it."""


@dataclass(frozen=True)
class CustomerSplit(BetweenCustomers):
    """The other one, which had been merged into this one, stands for itself again."""


@dataclass(frozen=True)
class CustomerRestored(BetweenCustomers):
    """It stands for itself again."""


@dataclass(frozen=True)
class CustomerToldApart(BetweenCustomers):
    pass


@dataclass(frozen=True)
class CustomerUntold(BetweenCustomers):
    pass


@dataclass(frozen=True)
class RegistrationOpened(RegistrationFact):
    pass


@dataclass(frozen=True)
class RegistrationApproved(Decision):
    """Without a last protected day it is approved beside others; `award` says as what."""

    until: str = ""
    award: str = ""


@dataclass(frozen=True)
class PrecedenceOverridden(RegistrationFact):
    """It was given the customer though another comes first by the terms; only the vendor's people read it."""

    first_id: UUID
    partner: str
    why: str


@dataclass(frozen=True)
class RegistrationRejected(Decision):
    pass


@dataclass(frozen=True)
class InformationRequested(Decision):
    question: str = ""
    fields: tuple[str, ...] = ()
    answer_by: str = ""


@dataclass(frozen=True)
class ResearchBegun(RegistrationFact):
    """Whoever decides takes the time for research that the rules give."""

    days: int
    until_at: str
    note: str = ""


@dataclass(frozen=True)
class InformationAnswered(RegistrationFact):
    answer: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class DecisionUndone(RegistrationFact):
    event_id: UUID
    decision: str


@dataclass(frozen=True)
class DeemingStopped(RegistrationFact):
    """Nobody decided in time, and silence could not decide either: somebody else is after the customer."""


@dataclass(frozen=True)
class RegistrationWithdrawn(RegistrationFact):
    note: str = ""
    is_lapsed: bool = False
    is_terminated: bool = False  # the work with the partner ended


@dataclass(frozen=True)
class ExtensionAsked(RegistrationFact):
    days: int
    progress: str


@dataclass(frozen=True)
class ExtensionApproved(RegistrationFact):
    days: int
    until: str
    note: str = ""


@dataclass(frozen=True)
class ExtensionRejected(RegistrationFact):
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class ProtectionReminded(RegistrationFact):
    days_left: int
    until: str


@dataclass(frozen=True)
class ProtectionExpired(RegistrationFact):
    until: str


@dataclass(frozen=True)
class ProtectionReleased(RegistrationFact):
    note: str = ""
    is_terminated: bool = False
    is_shared: bool = False  # a conflict case let it go on beside others


@dataclass(frozen=True)
class ProtectionForfeited(RegistrationFact):
    """It is released, because the partner confirmed the deal neither in time nor within the grace."""

    due_on: str


@dataclass(frozen=True)
class PlaceForfeited(RegistrationFact):
    """It is approved beside others no more, because the partner did not confirm it; `award` says as what it was."""

    due_on: str
    award: str


@dataclass(frozen=True)
class CheckinDone(RegistrationFact):
    """The partner confirmed that the deal is alive; `moved_from` is the close date before, if another."""

    note: str
    close_on: str
    moved_from: str = ""


@dataclass(frozen=True)
class CheckinReminded(RegistrationFact):
    days_left: int
    until: str


@dataclass(frozen=True)
class CheckinMissed(RegistrationFact):
    """The partner is warned; after `until` it loses the protection, or the place beside others, if ever."""

    due_on: str
    until: str = ""
    is_beside: bool = False


@dataclass(frozen=True)
class ProtectionRevoked(RegistrationFact):
    reason_code: str
    note: str = ""
    is_after_appeal: bool = False  # of another partner, in a conflict case: it is final


@dataclass(frozen=True)
class ProtectionReinstated(RegistrationFact):
    """After an appeal it holds again."""

    until: str


@dataclass(frozen=True)
class CaseFact(RegistrationFact):
    """Something in a conflict case, as one of its parties may know it."""

    party_id: UUID


@dataclass(frozen=True)
class ConflictOpened(CaseFact):
    pass


@dataclass(frozen=True)
class EvidenceAsked(CaseFact):
    question: str
    answer_by: str


@dataclass(frozen=True)
class EvidenceReminded(CaseFact):
    answer_by: str


@dataclass(frozen=True)
class EvidenceGiven(CaseFact):
    answer: str


@dataclass(frozen=True)
class EvidenceMissed(CaseFact):
    """The time for evidence is over; the case goes on without."""


@dataclass(frozen=True)
class ConflictDecided(CaseFact):
    result: str
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ConflictSettled(CaseFact):
    """The others have left, so there is nothing to decide between."""


@dataclass(frozen=True)
class OwnerChanged(RegistrationFact):
    """A colleague of the same firm looks after it."""

    owner_id: UUID
    owner: str
    was: str
    note: str = ""


@dataclass(frozen=True)
class StageChanged(RegistrationFact):
    stage: str
    was: str


@dataclass(frozen=True)
class RegistrationWon(RegistrationFact):
    """It ended well; `was` is the state before, for the day that somebody reopens it."""

    amount: str
    currency: str
    closed_on: str = ""
    order_reference: str = ""
    was: tuple[str, ...] = ()
    early_hours: int | None = None  # after the registration, if the terms want `least_hours` to pass
    least_hours: int = 0


@dataclass(frozen=True)
class RegistrationLost(RegistrationFact):
    reason_code: str
    note: str = ""
    competitor: str = ""
    was: tuple[str, ...] = ()
    is_others: bool = False  # another partner beside it has won
    is_terminated: bool = False  # the work with the partner ended


@dataclass(frozen=True)
class RegistrationResumed(RegistrationFact):
    """A won or lost deal goes on; `until` is empty if it is not protected again."""

    was: str
    stage: str
    until: str = ""
    note: str = ""
    is_others: bool = False  # because another partner beside it has not won any more


@dataclass(frozen=True)
class RivalWon(RegistrationFact):
    """Another partner won a part of what it is about, so the vendor's people say what becomes of it."""

    winner_id: UUID
    winner: str


@dataclass(frozen=True)
class TurnCame(RegistrationFact):
    """Its customer is free again, and it is the first of so many in line; `after` is the event that set it free."""

    after: UUID
    of: int
    is_told: bool  # the partner, if it was refused or is second
    is_offered: bool  # to the channel manager
    is_beside: bool = False  # it is approved already, as second partner


@dataclass(frozen=True)
class AmendmentFact(RegistrationFact):
    amendment_id: UUID


@dataclass(frozen=True)
class RegistrationAmended(AmendmentFact):
    """Its partner changed facts, and they count; each change is a field, what it was and what it is."""

    changes: tuple[tuple[str, Any, Any], ...]
    note: str = ""
    freed: tuple[str, ...] = ()  # product families that it gave up


@dataclass(frozen=True)
class AmendmentProposed(AmendmentFact):
    """The partner would change facts, and waits for the vendor to agree."""

    changes: tuple[tuple[str, Any, Any], ...]
    note: str = ""


@dataclass(frozen=True)
class AmendmentApproved(AmendmentFact):
    changes: tuple[tuple[str, Any, Any], ...]
    note: str = ""
    freed: tuple[str, ...] = ()  # product families that it gave up


@dataclass(frozen=True)
class AmendmentRefused(AmendmentFact):
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class AmendmentRecalled(AmendmentFact):
    """The partner took it back."""


@dataclass(frozen=True)
class AmendmentLapsed(AmendmentFact):
    """The protection or the deal ended before anybody decided about it."""


@dataclass(frozen=True)
class TransferAsked(RegistrationFact):
    """Its partner asks that another firm has it; `firm` is what that partner calls it."""

    firm: str
    wish: str


@dataclass(frozen=True)
class TransferRecalled(RegistrationFact):
    """The partner took the wish back."""


@dataclass(frozen=True)
class TransferRefused(RegistrationFact):
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class RegistrationTransferred(RegistrationFact):
    """Another partner has it, with all its dates; only the vendor's people read from whom to whom, and why."""

    former_id: UUID
    receiver_id: UUID
    former: str
    receiver: str
    reason_code: str
    note: str = ""
    files: tuple[str, ...] = ()  # that went along


@dataclass(frozen=True)
class RegistrationLeft(RegistrationFact):
    """What the former partner learns of a transfer: who of its own people had the deal."""

    partner_id: UUID
    owner_id: UUID


@dataclass(frozen=True)
class RegistrationReceived(RegistrationFact):
    """What the new partner learns of it."""


@dataclass(frozen=True)
class SaleRecorded(Fact):
    sale_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class DirectOpportunityLogged(Fact):
    opportunity_id: UUID
    customer: str
    stage: str


@dataclass(frozen=True)
class DirectOpportunityChanged(Fact):
    """`is_logged_anew`: it says more than before, so it counts from now on only."""

    opportunity_id: UUID
    customer: str
    stage: str
    is_logged_anew: bool = False


@dataclass(frozen=True)
class DirectTouchLogged(Fact):
    touch_id: UUID
    customer: str
    kind: str


@dataclass(frozen=True)
class SaleReversed(Fact):
    """Its deal was reopened, so it counts for nothing any more."""

    sale_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class FamilyAdded(Fact):
    family_id: UUID
    family: str


@dataclass(frozen=True)
class FamilyChanged(Fact):
    family_id: UUID
    family: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ProductAdded(Fact):
    product_id: UUID
    product: str


@dataclass(frozen=True)
class ProductChanged(Fact):
    product_id: UUID
    product: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class RegistrationTypeAdded(Fact):
    type_id: UUID
    type: str


@dataclass(frozen=True)
class RegistrationTypeChanged(Fact):
    type_id: UUID
    type: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ListAdded(Fact):
    list_id: UUID
    list: str


@dataclass(frozen=True)
class ListChanged(Fact):
    list_id: UUID
    list: str
    added: int = 0
    removed: int = 0
