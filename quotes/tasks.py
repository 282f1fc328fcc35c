"""What the clock does. Each row is a use case of its own, so that running twice changes nothing twice."""

from __future__ import annotations

from deals.queries.terms import today_of_vendor
from prm.events.schedule import every, for_each_row
from quotes.queries import due
from quotes.services import issuing


@every(minutes=5)
def expire_quotes() -> None:
    """End offers once their last day is over on the vendor's clock."""
    for_each_row(due.ended, lambda row, at: issuing.expire(row, today=today_of_vendor(at), at=at))


@every(minutes=15)
def remind_of_quotes() -> None:
    """Tell partners that an offer ends soon, in the morning of the vendor's day."""
    for_each_row(due.to_be_reminded, lambda row, at: issuing.remind(row, today=today_of_vendor(at), at=at))
