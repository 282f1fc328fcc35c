"""What happened to prices and quotes. Payloads are ids and codes; sentences are templates.

Nothing here may say what a partner asks of its customer: the vendor reads events.
"""

from dataclasses import dataclass
from uuid import UUID

from prm.events.facts import Fact


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
