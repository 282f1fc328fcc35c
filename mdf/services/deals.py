"""What becomes of requests for funds when their deal goes to another partner, or ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deals.models import Registration
from mdf.enums import RequestStatus
from mdf.events import FundRequestDealEnded, FundRequestDetached
from mdf.models import FundRequest
from mdf.models.requests import WAITING
from prm.accounts.models import Membership
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.service import service
from prm.tenancy.context import seeing_thrown_away


def let_go(registration: Registration, by: Membership, at: datetime) -> None:
    """Let the requests of the former partner go on without the deal: they stay with it."""
    with seeing_thrown_away():
        rows = FundRequest.objects.filter(registration=registration).exclude(partner=registration.partner_id)
        found = list(rows.order_by("pk").select_for_update(of=("self",)))
        for request in found:
            request.registration = None
            request.save(update_fields=["registration"])
    for request in found:
        if request.thrown_away_at is not None:
            continue
        record(FundRequestDetached(request.pk, deal=registration.number), on=request, by=by, at=at)


@service
def tell_of_end(registration: Registration, *, after: UUID, at: datetime) -> None:
    """Note on the requests that are decided or carried out that their deal has ended; nothing is taken from them.

    `after` is the event that ended it. Running it again finds nothing to do.
    """
    open_ones = (*WAITING, RequestStatus.INFO_REQUESTED, RequestStatus.APPROVED)
    rows = FundRequest.objects.filter(registration=registration, status__in=open_ones).order_by("pk")
    for request in rows.select_for_update(of=("self",)):
        known = Event.objects.filter(subject_id=request.pk, name=FundRequestDealEnded.name, payload__after=str(after))
        if not known.exists():
            fact = FundRequestDealEnded(request.pk, deal=registration.number, after=after)
            record(fact, on=request, by=None, at=at)
