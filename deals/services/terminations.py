"""What becomes of deals when the work with their partner ends."""

from __future__ import annotations

from datetime import datetime

from deals.enums import Action
from deals.models import EndCustomer, Registration
from deals.queries.terminations import UNDECIDED
from deals.services import outcomes, protection, registrations
from prm.accounts.models import Membership
from prm.events.service import service


@service
def end(registration: Registration, *, by: Membership | None, at: datetime) -> Action | None:
    """Release the protection, withdraw what waits for a decision, or end what stands beside others.

    Running it again finds nothing to do. Drafts stay, and so does the stage of what was protected.
    """
    EndCustomer.objects.locked(registration.customer_id)
    registration = Registration.objects.locked(registration.pk)
    if registration.is_protected:
        protection.release(registration, by=by, at=at, is_terminated=True)
        return Action.RELEASE
    if registration.review in UNDECIDED:
        registrations.withdraw(registration, by=by, at=at, is_terminated=True)
        return Action.WITHDRAW
    if registration.is_beside and registration.can(Action.LOSE):
        outcomes.lose(registration, reason_code="", note="", by=by, at=at, is_terminated=True)
        return Action.LOSE
    return None
