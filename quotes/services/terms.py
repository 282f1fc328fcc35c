"""Changing the terms of quotes: drafted, compared, and in force from a day on."""

from __future__ import annotations

from datetime import date, datetime

from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyDraft, PolicyVersion
from prm.policies.versions import DraftChanged
from quotes.events import TermsPublished
from quotes.rules.terms import AREA, Terms


class NoDraft(DomainError):
    """There is no draft that could be published: somebody was faster."""


class TooEarly(DomainError):
    """Terms cannot apply to days that are over."""


@service
def save(terms: Terms, *, revision: int | None, by: Membership, at: datetime) -> PolicyDraft:
    """Keep a draft of the next terms. Raises `DraftChanged` if `revision` is not the latest."""
    return versions.save_draft(AREA, terms.body(), revision=revision, by=by, at=at)


@service
def publish(*, effective_on: date, revision: int, today: date, by: Membership, at: datetime) -> PolicyVersion:
    """Let the draft apply from a day on; quotes keep the terms they were priced under until they are updated.

    Raises `NoDraft`, `DraftChanged`, `TooEarly`.
    """
    draft = PolicyDraft.objects.select_for_update().filter(area=AREA).first()
    if draft is None:
        raise NoDraft
    if draft.revision != revision:
        raise DraftChanged(by=draft.saved_by)
    if effective_on < today:
        raise TooEarly(today=today)
    version = versions.publish(AREA, draft.body, effective_on=effective_on, at=at, by=by)
    versions.discard_draft(AREA)
    fact = TermsPublished(number=version.number, effective_on=effective_on.isoformat())
    record(fact, on=version, by=by, at=at, is_internal=True)
    return version
