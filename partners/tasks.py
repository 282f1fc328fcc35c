"""What the clock does to those who apply. Each row is a use case of its own: running twice changes nothing twice."""

from __future__ import annotations

from partners.queries import due
from partners.services import applications, join_requests
from prm.events.schedule import every, for_each_row


@every(minutes=15)
def expire_applications() -> None:
    """End drafts nobody sent in time, and applications whose question nobody answered."""
    for_each_row(due.applications, lambda row, at: applications.expire(row, at=at))


@every(minutes=60)
def forget_join_requests() -> None:
    """Delete wishes to join whose address nobody confirmed."""
    for_each_row(due.join_requests, lambda row, at: join_requests.forget(row, at=at))
