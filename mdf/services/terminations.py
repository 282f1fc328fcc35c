"""What becomes of requests for funds when the work with their partner ends."""

from __future__ import annotations

from datetime import datetime

from mdf.enums import RequestStatus
from mdf.models import FundRequest
from mdf.queries import reservations
from mdf.queries.terminations import UNDECIDED
from mdf.services import requests
from mdf.services.moves import lock
from prm.accounts.models import Membership
from prm.events.service import service


@service
def end(request: FundRequest, *, by: Membership | None, at: datetime) -> RequestStatus | None:
    """Withdraw what waits for a decision, and free what is reserved; return what became of the request.

    While a claim waits for its decision the money stays reserved for it, and what is approved is paid. Drafts stay.
    Running it again finds nothing to do.
    """
    request = lock(request)
    if request.status in UNDECIDED:
        return RequestStatus(requests.withdraw(request, by=by, at=at, is_terminated=True).status)
    if request.status != RequestStatus.APPROVED or reservations.has_running_claims(request):
        return None
    if reservations.consumed_by(request):
        return RequestStatus(requests.complete(request, by=by, at=at).status)
    return RequestStatus(requests.cancel(request, by=by, at=at, is_terminated=True).status)
