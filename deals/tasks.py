"""What the clock does to deals. Each row is a use case of its own, so that running twice changes nothing twice."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from deals.models import CheckIn
from deals.queries import due
from deals.queries.terms import today_of_vendor
from deals.services import (
    case_decisions,
    cases,
    check_ins,
    customer_imports,
    decisions,
    matching,
    protection,
    registrations,
)
from prm.events.schedule import every, for_each_row, for_each_vendor


@every(minutes=5)
def expire_protections() -> None:
    """End protections once their last day is over on the vendor's clock."""
    for_each_row(due.ended, lambda row, at: protection.expire(row, today=today_of_vendor(at), at=at))


@every(minutes=5)
def deem_undecided() -> None:
    """Let decisions count that the vendor's rules have for what nobody decided in time."""
    for_each_row(due.undecided, lambda row, at: decisions.deem(row, at=at))


@every(minutes=15)
def remind_of_protections() -> None:
    """Tell partners that a protection ends soon, in the morning of the vendor's day."""
    for_each_row(due.to_be_reminded, lambda row, at: protection.remind(row, today=today_of_vendor(at), at=at))


@every(minutes=15)
def ask_for_check_ins() -> None:
    """Remind partners of check-ins, and warn of those that were missed."""

    def ask(row: CheckIn, at: datetime) -> None:
        today = today_of_vendor(at)
        if not check_ins.warn(row, today=today, at=at):
            check_ins.remind(row, today=today, at=at)

    for_each_row(due.check_ins, ask)


@every(minutes=5)
def release_unconfirmed() -> None:
    """Release protections of deals that nobody confirmed within the grace."""
    for_each_row(due.unconfirmed, lambda row, at: protection.forfeit(row, today=today_of_vendor(at), at=at))


@every(minutes=5)
def lapse_unanswered() -> None:
    """Withdraw registrations whose question nobody answered in time."""
    for_each_row(due.unanswered, lambda row, at: registrations.lapse(row, at=at))


@every(minutes=5)
def go_on_without_evidence() -> None:
    """Let conflict cases go on whose parties did not bring evidence in time."""
    for_each_row(due.evidence_late, lambda row, at: cases.miss(row, at=at))


@every(minutes=15)
def remind_of_evidence() -> None:
    """Tell partners that the time to bring evidence is nearly over."""
    for_each_row(due.evidence_to_be_reminded, lambda row, at: cases.remind(row, at=at))


@every(minutes=15)
def conclude_cases() -> None:
    """Make decisions about conflicts final once nobody can appeal them any more."""
    for_each_row(due.cases_to_conclude, lambda row, at: case_decisions.conclude(row, at=at))


@every(minutes=1)
def go_on_with_imports() -> None:
    """Take up imports of customers that a worker left before their end."""
    for_each_vendor(lambda vendor: customer_imports.take_up())


@every(hours=24)
def count_match_keys() -> None:
    """Count which keys many customers share, so that what is common tells little."""
    for_each_vendor(lambda vendor: matching.count_keys())


@every(minutes=15)
def stamp_outdated_customers() -> None:
    """Make keys anew that an earlier version of the portal made, some at a time."""
    for_each_vendor(lambda vendor: matching.stamp_outdated(timezone.now()))
