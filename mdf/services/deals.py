"""What becomes of requests for funds when their deal goes to another partner."""

from __future__ import annotations

from datetime import datetime

from deals.models import Registration
from mdf.events import FundRequestDetached
from mdf.models import FundRequest
from prm.accounts.models import Membership
from prm.events.outbox import record
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
        record(FundRequestDetached(request.pk, deal=registration.number), on=request, by=by, at=at)
