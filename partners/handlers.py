"""What partners do when something happened elsewhere."""

from __future__ import annotations

from partners.services import partners
from prm.accounts.events import ProfileChanged
from prm.events.models import Delivery, Event
from prm.events.outbox import handles


@handles(ProfileChanged)
def let_distributors_see_below(event: Event, delivery: Delivery) -> None:
    """Open the records of resellers to their distributors' people; closing them happened at once."""
    if "lets_distributors_see_below" in event.payload["fields"] and event.payload["lets_distributors_see_below"]:
        partners.let_distributors_see_below()
