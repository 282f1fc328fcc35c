"""What becomes of requests for funds when something happens to their deals."""

from deals.events import (
    PlaceForfeited,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionReleased,
    ProtectionRevoked,
    RegistrationLost,
    RegistrationRejected,
    RegistrationWithdrawn,
)
from deals.models import Registration
from deals.services import transfers
from mdf.services import deals
from prm.events.models import Delivery, Event
from prm.events.outbox import handles

transfers.lets_go(deals.let_go)


@handles(
    RegistrationRejected,
    RegistrationWithdrawn,
    RegistrationLost,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionReleased,
    ProtectionRevoked,
    PlaceForfeited,
)
def tell_of_end(event: Event, delivery: Delivery) -> None:
    """Let whoever asked for money for a deal, and whoever gives it, know that the deal has ended."""
    if event.payload.get("is_terminated") or event.payload.get("is_shared"):
        return  # the requests end with the work with the partner; or the deal goes on beside others
    deals.tell_of_end(Registration.objects.get(pk=event.subject_id), after=event.pk, at=event.at)
