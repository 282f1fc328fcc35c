"""The vendor's terms for marketing funds: the next version is a draft until it is published with its first day."""

from __future__ import annotations

from datetime import date, datetime

from mdf.events import FundTermsPublished
from mdf.rules.terms import AREA
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyVersion


@service
def publish(*, effective_on: date, revision: int, by: Membership, at: datetime) -> PolicyVersion:
    """Let the draft apply from a day on to what is submitted from then. Raises what `versions.publish_draft` raises."""
    version = versions.publish_draft(AREA, effective_on=effective_on, revision=revision, by=by, at=at)
    fact = FundTermsPublished(number=version.number, effective_on=effective_on.isoformat())
    record(fact, on=version, by=by, at=at)
    return version
