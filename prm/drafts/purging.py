"""What the clock does to drafts that were thrown away."""

from __future__ import annotations

from prm.drafts import services
from prm.events.schedule import every, for_each_row


@every(hours=6)
def purge_drafts() -> None:
    """Delete drafts that were thrown away a month ago."""
    for_each_row(services.overdue, lambda row, at: services.purge(row, at=at))
