"""Moving a revision of a quote, with the refusal people read when it can't, and the locks that all of them take."""

from __future__ import annotations

from prm.events.refusals import DomainError
from quotes.enums import Action
from quotes.models import Quote, QuoteRevision
from quotes.rules import lifecycle


class NotPossible(DomainError):
    """The quote is no longer where the action needs it: somebody was faster, or the page was old."""


class Changed(DomainError):
    """The quote is not what this person looked at: somebody changed it meanwhile."""


def locked(revision: QuoteRevision) -> QuoteRevision:
    """Return the revision, locked together with its quote: everything that happens to a quote waits in one line."""
    quote = Quote.objects.locked(revision.quote_id)
    revision = QuoteRevision.objects.locked(revision.pk)
    revision.quote = quote
    return revision


def move(revision: QuoteRevision, action: Action, *, version: int | None = None) -> lifecycle.State:
    """Take the action and return the state before it; raise `NotPossible`, or `Changed` if it is another version."""
    before = revision.state
    if not lifecycle.allows(before, action):
        raise NotPossible(revision=revision, action=action)
    if version is not None and version != revision.version:
        raise Changed(revision=revision)
    revision.move(action)
    return before
