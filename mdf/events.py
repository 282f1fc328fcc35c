"""What happened to marketing funds. Payloads are ids and codes; sentences are templates."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from prm.events.facts import Fact


# -- funds ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FundFact(Fact):
    fund_id: UUID
    fund: str


@dataclass(frozen=True)
class FundDrafted(FundFact):
    pass


@dataclass(frozen=True)
class FundChanged(FundFact):
    fields: tuple[str, ...]


@dataclass(frozen=True)
class FundOpened(FundFact):
    amount: str
    currency: str


@dataclass(frozen=True)
class FundBudgetChanged(FundFact):
    amount: str
    was: str
    currency: str


@dataclass(frozen=True)
class FundClosed(FundFact):
    is_ended: bool = False


@dataclass(frozen=True)
class ActivityTypeAdded(Fact):
    activity_type_id: UUID
    activity_type: str


@dataclass(frozen=True)
class ActivityTypeChanged(Fact):
    activity_type_id: UUID
    activity_type: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class FundTermsPublished(Fact):
    number: int
    effective_on: str


# -- a partner's share of a fund -------------------------------------------------------------------------
@dataclass(frozen=True)
class AllocationFact(Fact):
    allocation_id: UUID
    fund: str
    amount: str
    currency: str


@dataclass(frozen=True)
class AllocationMade(AllocationFact):
    pass


@dataclass(frozen=True)
class AllocationAdjusted(AllocationFact):
    note: str = ""


@dataclass(frozen=True)
class AllocationTransferred(AllocationFact):
    note: str = ""


@dataclass(frozen=True)
class AllocationReminded(AllocationFact):
    days_left: int
    until: str


@dataclass(frozen=True)
class AllocationForfeited(AllocationFact):
    pass


@dataclass(frozen=True)
class AllocationReinstated(AllocationFact):
    until: str
    note: str = ""


@dataclass(frozen=True)
class BalanceDiffered(Fact):
    account_id: UUID
    kept: str
    counted: str
    currency: str


# -- requests ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FundRequestFact(Fact):
    request_id: UUID


@dataclass(frozen=True)
class Decision(FundRequestFact):
    """A decision waits a few seconds before anybody is told, so that it can be undone; `was` is the status before."""

    is_undoable: ClassVar[bool] = True
    was: str
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class FundRequestStarted(FundRequestFact):
    pass


@dataclass(frozen=True)
class FundRequestSubmitted(FundRequestFact):
    amount: str
    currency: str


@dataclass(frozen=True)
class FundRequestOpened(FundRequestFact):
    pass


@dataclass(frozen=True)
class FundRequestApproved(Decision):
    amount: str = ""
    currency: str = ""
    asked: str = ""
    until: str = ""
    source: str = ""
    rules: tuple[str, ...] = ()
    is_deemed: bool = False  # nobody decided in time


@dataclass(frozen=True)
class FundRequestRejected(Decision):
    rules: tuple[str, ...] = ()
    is_deemed: bool = False


@dataclass(frozen=True)
class FundRequestDeemingStopped(FundRequestFact):
    """Nobody decided in time, and silence may not: a person decides, late as it is."""


@dataclass(frozen=True)
class FundRequestAsked(Decision):
    question: str = ""
    fields: tuple[str, ...] = ()
    answer_by: str = ""


@dataclass(frozen=True)
class FundRequestAnswered(FundRequestFact):
    answer: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class FundRequestUndone(FundRequestFact):
    event_id: UUID
    decision: str


@dataclass(frozen=True)
class FundRequestWithdrawn(FundRequestFact):
    note: str = ""
    is_lapsed: bool = False
    is_terminated: bool = False  # the work with the partner ended


@dataclass(frozen=True)
class FundRequestReminded(FundRequestFact):
    days_left: int
    until: str


@dataclass(frozen=True)
class FundRequestCancelled(FundRequestFact):
    note: str = ""
    is_terminated: bool = False


@dataclass(frozen=True)
class FundRequestDetached(FundRequestFact):
    """Its deal, by its number, went to another partner."""

    deal: str


@dataclass(frozen=True)
class FundRequestDealEnded(FundRequestFact):
    """Its deal, by its number, was refused, withdrawn or lost, or is protected no more; `after` is that event."""

    deal: str
    after: UUID


@dataclass(frozen=True)
class FundRequestLapsed(FundRequestFact):
    until: str
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True)
class FundRequestCompleted(FundRequestFact):
    pass


# -- claims --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ClaimFact(Fact):
    claim_id: UUID


@dataclass(frozen=True)
class ClaimDecision(ClaimFact):
    """A decision waits a few seconds before anybody is told; `was` and `lines` are the status and lines before."""

    is_undoable: ClassVar[bool] = True
    was: str
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ClaimStarted(ClaimFact):
    pass


@dataclass(frozen=True)
class ClaimSubmitted(ClaimFact):
    amount: str
    currency: str
    flags: int = 0


@dataclass(frozen=True)
class ClaimOpened(ClaimFact):
    pass


@dataclass(frozen=True)
class ClaimLineJudged(ClaimFact):
    """How much of a line is to be paid, while the claim is not decided; no amount takes that back."""

    what: str
    currency: str
    amount: str = ""
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ClaimFileAccepted(ClaimFact):
    file_name: str


@dataclass(frozen=True)
class ClaimFileReturned(ClaimFact):
    file_name: str
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class ClaimApproved(ClaimDecision):
    amount: str = ""
    currency: str = ""
    asked: str = ""
    pay_by: str = ""
    source: str = ""
    is_last: bool = False
    lines: tuple[tuple[str, str], ...] = ()
    rules: tuple[str, ...] = ()  # names of those that approved it, where nobody did
    is_deemed: bool = False  # nobody decided in time


@dataclass(frozen=True)
class ClaimRaised(ClaimFact):
    """After an appeal more is owed for it: so much `more`, and so much in all."""

    more: str
    amount: str
    currency: str
    asked: str
    pay_by: str


@dataclass(frozen=True)
class ClaimAgreed(ClaimDecision):
    """One of several approvals was given; the partner is told once the last one is."""

    amount: str = ""
    currency: str = ""
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ClaimRejected(ClaimDecision):
    rules: tuple[str, ...] = ()
    is_deemed: bool = False


@dataclass(frozen=True)
class ClaimDeemingStopped(ClaimFact):
    """Nobody decided in time, and silence may not: a person decides, late as it is."""


@dataclass(frozen=True)
class ClaimAsked(ClaimDecision):
    question: str = ""
    fields: tuple[str, ...] = ()
    answer_by: str = ""


@dataclass(frozen=True)
class ClaimAnswered(ClaimFact):
    answer: str = ""


@dataclass(frozen=True)
class ClaimUndone(ClaimFact):
    event_id: UUID
    decision: str


@dataclass(frozen=True)
class ClaimWithdrawn(ClaimFact):
    note: str = ""
    is_lapsed: bool = False


# -- more time to claim ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ClaimExtensionAsked(FundRequestFact):
    days: int
    reason: str


@dataclass(frozen=True)
class ClaimExtensionApproved(FundRequestFact):
    days: int
    until: str


@dataclass(frozen=True)
class ClaimExtensionRejected(FundRequestFact):
    reason_code: str
    note: str = ""


# -- payments ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ClaimScheduled(ClaimFact):
    batch: str
    amount: str
    currency: str


@dataclass(frozen=True)
class ClaimUnscheduled(ClaimFact):
    batch: str


@dataclass(frozen=True)
class ClaimPaid(ClaimFact):
    """A payment left; `rest` is what of the approved amount is still to come."""

    amount: str
    currency: str
    paid_on: str
    reference: str = ""
    netted: str = ""
    rest: str = ""


@dataclass(frozen=True)
class ClaimReclaimed(ClaimFact):
    """Money that was paid is taken back."""

    amount: str
    currency: str
    reason_code: str
    note: str = ""


@dataclass(frozen=True)
class BatchFact(Fact):
    batch_id: UUID
    batch: str


@dataclass(frozen=True)
class BatchMade(BatchFact):
    amount: str
    currency: str
    count: int


@dataclass(frozen=True)
class BatchExported(BatchFact):
    format: str
    account: str = ""  # only the last signs of the account that is paid from


@dataclass(frozen=True)
class BatchPaid(BatchFact):
    amount: str
    currency: str
    paid_on: str
    count: int
    left: int = 0


@dataclass(frozen=True)
class BatchCancelled(BatchFact):
    pass


# -- paying accounts -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PayingAccountFact(Fact):
    paying_account_id: UUID
    account: str  # only its last signs
    currency: str


@dataclass(frozen=True)
class PayingAccountAdded(PayingAccountFact):
    pass


@dataclass(frozen=True)
class PayingAccountClosed(PayingAccountFact):
    pass
