"""What the clock does to marketing money. Each row is a use case of its own: running twice changes nothing twice."""

from __future__ import annotations

from django.utils import timezone

from mdf.queries import due
from mdf.services import balances, claim_decisions, claims, decisions, forfeitures, funds, requests
from prm.events.schedule import every, for_each_row, for_each_vendor
from prm.tenancy.models import Vendor


@every(minutes=5)
def close_ended_funds() -> None:
    """Close funds once their last day is over on the vendor's clock."""
    for_each_row(due.ended_funds, lambda row, at: funds.close_ended(row, at=at))


@every(minutes=5)
def forfeit_unused() -> None:
    """Let lapse what came back to partners after their fund was closed, or was given back for a while."""
    for_each_row(due.to_be_forfeited, lambda row, at: forfeitures.forfeit(row, at=at))


@every(minutes=5)
def lapse_unanswered_requests() -> None:
    """Withdraw requests whose question nobody answered in time."""
    for_each_row(due.unanswered_requests, lambda row, at: requests.lapse_unanswered(row, at=at))


@every(minutes=5)
def lapse_unclaimed_requests() -> None:
    """End approved requests after their deadline for claims."""
    for_each_row(due.unclaimed, lambda row, at: requests.lapse_unclaimed(row, at=at))


@every(minutes=5)
def lapse_unanswered_claims() -> None:
    """Withdraw claims whose question nobody answered in time."""
    for_each_row(due.unanswered_claims, lambda row, at: claims.lapse(row, at=at))


@every(minutes=5)
def deem_undecided() -> None:
    """Let decisions count that the vendor's rules have for what nobody decided in time."""
    for_each_row(due.undecided_requests, lambda row, at: decisions.deem(row, at=at))
    for_each_row(due.undecided_claims, lambda row, at: claim_decisions.deem(row, at=at))


@every(minutes=15)
def remind_of_deadlines() -> None:
    """Tell partners, in the morning, which claims are due and which money lapses soon."""
    for_each_row(due.requests_to_be_reminded, lambda row, at: requests.remind(row, at=at))
    for_each_row(due.shares_to_be_reminded, lambda row, at: forfeitures.remind(row, at=at))


@every(hours=24)
def check_balances() -> None:
    """Count every balance again; the alarm is in the log and on the health page."""
    for_each_vendor(_check_balances)


def _check_balances(vendor: Vendor) -> None:
    balances.check(at=timezone.now())
