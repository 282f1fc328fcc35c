"""What the clock does to partners, and to those who apply. Each row is a use case of its own, safe to repeat."""

from __future__ import annotations

from partners.queries import agreements as agreement_queries
from partners.queries import certifications as certificate_queries
from partners.queries import due, standings
from partners.queries.days import today_of_vendor
from partners.services import agreements, application_decisions, applications, certifications, evaluation, join_requests
from prm.events.schedule import every, for_each_row


@every(minutes=15)
def expire_applications() -> None:
    """End drafts nobody sent in time, and applications whose question nobody answered."""
    for_each_row(due.applications, lambda row, at: applications.expire(row, at=at))


@every(minutes=5)
def deem_undecided() -> None:
    """Let decisions count that the vendor's rules have for applications nobody decided in time."""
    for_each_row(due.undecided, lambda row, at: application_decisions.deem(row, at=at))


@every(minutes=60)
def forget_join_requests() -> None:
    """Delete wishes to join whose address nobody confirmed."""
    for_each_row(due.join_requests, lambda row, at: join_requests.forget(row, at=at))


@every(minutes=15)
def remind_of_agreements() -> None:
    """Tell partners that an agreement is to be accepted soon."""
    find = agreement_queries.to_be_reminded
    for_each_row(find, lambda row, at: agreements.remind(row, today=today_of_vendor(at), at=at))


@every(minutes=15)
def remind_of_certificates() -> None:
    """Tell holders and their administrators that a certificate ends soon."""
    find = certificate_queries.to_be_reminded
    for_each_row(find, lambda row, at: certifications.remind(row, today=today_of_vendor(at), at=at))


@every(minutes=15)
def expire_certificates() -> None:
    """End certificates once their last day is over on the vendor's clock."""
    find = certificate_queries.ended
    for_each_row(find, lambda row, at: certifications.expire(row, today=today_of_vendor(at), at=at))


@every(minutes=5)
def evaluate_tiers() -> None:
    """Evaluate each partner once on every day of the vendor, and again when other rules come into force."""
    for_each_row(lambda at: standings.due(today_of_vendor(at)), lambda row, at: evaluation.evaluate(row, at=at))
