"""What becomes of quotes when the work with their partner ends."""

from __future__ import annotations

from datetime import datetime

from prm.accounts.models import Membership
from prm.events.service import service
from quotes.models import QuoteRevision
from quotes.queries.terminations import SENT
from quotes.services import issuing
from quotes.services.moves import locked


@service
def end(revision: QuoteRevision, *, by: Membership | None, at: datetime) -> bool:
    """Withdraw what was handed in, with its links to customers; running it again finds nothing to do.

    Drafts stay, and so does what was ordered.
    """
    revision = locked(revision)
    if revision.status not in SENT:
        return False
    issuing.withdraw(revision, by=by, at=at, is_terminated=True)
    return True
