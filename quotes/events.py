"""What happened to prices and quotes. Payloads are ids and codes; sentences are templates.

Nothing here may say what a partner asks of its customer: the vendor reads events.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from prm.events.facts import Fact
from quotes.enums import Counted


@dataclass(frozen=True)
class PriceListFact(Fact):
    price_list_id: UUID
    price_list: str


@dataclass(frozen=True)
class PriceListAdded(PriceListFact):
    pass


@dataclass(frozen=True)
class PriceListChanged(PriceListFact):
    fields: tuple[str, ...]


@dataclass(frozen=True)
class PricesPublished(PriceListFact):
    number: int
    effective_from: str
    effective_until: str = ""


@dataclass(frozen=True)
class TermsPublished(Fact):
    number: int
    effective_on: str


@dataclass(frozen=True)
class QuoteFact(Fact):
    """Something about one revision of a quote; recorded on the quote, so that its timeline has all revisions."""

    quote_id: UUID
    revision: int


@dataclass(frozen=True)
class QuoteStarted(QuoteFact):
    pass


@dataclass(frozen=True)
class PricesUpdated(QuoteFact):
    """A draft was priced anew, with what it came to before and after."""

    before: str
    after: str
    currency: str


@dataclass(frozen=True)
class QuoteCleared(QuoteFact):
    """A quote that nobody has to agree to is ready to be issued."""

    rules: tuple[str, ...] = ()  # names of those that approved it at once


@dataclass(frozen=True)
class QuoteDecision(QuoteFact):
    """A decision waits a few seconds before anybody is told, so that it can be undone.

    `was` is the state before, `steps` are the steps it decided.
    """

    is_undoable: ClassVar[bool] = True
    was: tuple[str, str]
    steps: tuple[str, ...] = ()
    reason_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class ApprovalRequested(QuoteFact):
    roles: tuple[str, ...]
    highest: str  # nothing where only steps of rules are asked
    amount: str
    currency: str
    steps: tuple[str, ...] = ()  # names of those that rules ask for
    counted: str = Counted.EVERYTHING
    stale: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ApprovalRecalled(QuoteFact):
    note: str = ""


@dataclass(frozen=True)
class ApprovalGiven(QuoteDecision):
    amount: str = ""
    currency: str = ""
    is_complete: bool = True


@dataclass(frozen=True)
class ApprovalRefused(QuoteDecision):
    rules: tuple[str, ...] = ()  # names of those that refused it, where nobody did


@dataclass(frozen=True)
class InformationRequested(QuoteDecision):
    question: str = ""
    answer_by: str = ""


@dataclass(frozen=True)
class InformationAnswered(QuoteFact):
    answer: str = ""


@dataclass(frozen=True)
class DecisionUndone(QuoteFact):
    event_id: UUID
    decision: str


@dataclass(frozen=True)
class QuoteReopened(QuoteFact):
    """An approved quote is being changed."""


@dataclass(frozen=True)
class QuoteIssued(QuoteFact):
    amount: str
    currency: str
    until: str


@dataclass(frozen=True)
class QuoteSuperseded(QuoteFact):
    by_revision: int


@dataclass(frozen=True)
class QuoteWithdrawn(QuoteFact):
    note: str = ""
    is_terminated: bool = False  # the work with the partner ended


@dataclass(frozen=True)
class QuoteReminded(QuoteFact):
    days_left: int
    until: str


@dataclass(frozen=True)
class QuoteExpired(QuoteFact):
    until: str


@dataclass(frozen=True)
class QuoteDetached(QuoteFact):
    """Its deal, by its number, went to another partner."""

    deal: str


@dataclass(frozen=True)
class QuoteRevised(QuoteFact):
    """A new revision was begun from an earlier one."""

    of_revision: int


@dataclass(frozen=True)
class QuoteCopied(QuoteFact):
    """A quote was begun from another one."""

    number: str


@dataclass(frozen=True)
class LinkMade(QuoteFact):
    email: str = ""


@dataclass(frozen=True)
class LinkClosed(QuoteFact):
    pass


@dataclass(frozen=True)
class OfferOpened(QuoteFact):
    """The customer looked at the offer for the first time."""


@dataclass(frozen=True)
class QuoteAccepted(QuoteFact):
    """`customer` is who accepted; nothing where the partner recorded it, who then is the one who did it."""

    order_id: UUID
    order: str
    amount: str
    currency: str
    customer: str = ""
    purchase_order: str = ""
    drifted: int = 0


@dataclass(frozen=True)
class QuoteDeclined(QuoteFact):
    reason_code: str
    note: str = ""
    customer: str = ""


@dataclass(frozen=True)
class OrderFact(Fact):
    order_id: UUID
    order: str
    note: str = ""


@dataclass(frozen=True)
class OrderPlaced(OrderFact):
    quote: str = ""


@dataclass(frozen=True)
class OrderAcknowledged(OrderFact):
    changed: int = 0


@dataclass(frozen=True)
class OrderScheduled(OrderFact):
    day: str = ""


@dataclass(frozen=True)
class OrderShipped(OrderFact):
    pass


@dataclass(frozen=True)
class OrderFulfilled(OrderFact):
    pass


@dataclass(frozen=True)
class OrderCancelled(OrderFact):
    reason_code: str = ""
