"""The vendor's terms for marketing funds: the next version is a draft until it is published with its first day."""

from __future__ import annotations

from datetime import date, datetime

from mdf.events import FundTermsPublished
from mdf.queries import terms as queries
from mdf.rules.terms import AREA, Terms
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyVersion


class DayHasPassed(DomainError):
    """Terms cannot begin in the past: what was decided under the old ones keeps them."""


@service
def publish(terms: Terms, *, effective_on: date, by: Membership, at: datetime) -> PolicyVersion:
    """Let terms apply from a day on to what is submitted from then; the draft is done with. Raises `DayHasPassed`."""
    if effective_on < queries.today_of_vendor(at):
        raise DayHasPassed(day=effective_on)
    version = versions.publish(AREA, terms.body(), effective_on=effective_on, at=at, by=by)
    versions.discard_draft(AREA)
    fact = FundTermsPublished(number=version.number, effective_on=effective_on.isoformat())
    record(fact, on=version, by=by, at=at)
    return version
