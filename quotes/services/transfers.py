"""What becomes of quotes when their deal goes to another partner."""

from __future__ import annotations

from datetime import datetime

from deals.models import Registration
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.tenancy.context import seeing_thrown_away
from quotes.events import QuoteDetached
from quotes.models import Quote, QuoteRevision


def let_go(registration: Registration, by: Membership, at: datetime) -> None:
    """Let the quotes of the former partner go on without the deal: they stay with it, and lose the protection."""
    with seeing_thrown_away():
        rows = Quote.objects.filter(registration=registration).exclude(partner=registration.partner_id)
        quotes = list(rows.order_by("pk").select_for_update(of=("self",)))
        for quote in quotes:
            quote.registration = None
            quote.save(update_fields=["registration"])
    for quote in quotes:
        latest = QuoteRevision.objects.filter(quote=quote).order_by("-number").first()
        if latest is not None:
            record(QuoteDetached(quote.pk, latest.number, deal=registration.number), on=quote, by=by, at=at)
