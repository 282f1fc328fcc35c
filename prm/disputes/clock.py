"""What the clock does to disputes."""

from __future__ import annotations

from prm.disputes import queries, services
from prm.events.schedule import every, for_each_row


@every(minutes=5)
def lapse_unanswered() -> None:
    """Withdraw appeals whose question nobody answered in time."""
    for_each_row(queries.unanswered, lambda row, at: services.lapse(row, at=at))


@every(minutes=15)
def warn_of_deadlines() -> None:
    """Warn those who may decide, or can appoint somebody, while there still is time."""
    for_each_row(queries.nearly_due, lambda row, at: services.warn(row, at=at))
