"""Changing the terms of quotes: drafted, compared, and in force from a day on."""

from __future__ import annotations

from datetime import date, datetime

from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyDraft, PolicyVersion
from quotes.events import TermsPublished
from quotes.rules.terms import AREA, Terms


@service
def save(terms: Terms, *, revision: int | None, by: Membership, at: datetime) -> PolicyDraft:
    """Keep a draft of the next terms. Raises `DraftChanged` if `revision` is not the latest."""
    return versions.save_draft(AREA, terms.body(), revision=revision, by=by, at=at)


@service
def publish(*, effective_on: date, revision: int, by: Membership, at: datetime) -> PolicyVersion:
    """Let the draft apply from a day on; quotes keep the terms they were priced under until they are updated.

    Raises what `versions.publish_draft` raises.
    """
    version = versions.publish_draft(AREA, effective_on=effective_on, revision=revision, by=by, at=at)
    fact = TermsPublished(number=version.number, effective_on=effective_on.isoformat())
    record(fact, on=version, by=by, at=at, is_internal=True)
    return version
