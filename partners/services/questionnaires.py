"""The terms and questions for those who want to become partners: kept as a draft, then published."""

from __future__ import annotations

from datetime import date, datetime

from partners.events import JoiningPublished
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import AREA, REASONS, Terms
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.policies import versions
from prm.policies.courses import NOBODY_RULES
from prm.policies.models import PolicyDraft, PolicyVersion, ReasonCode

REJECTIONS = ("other_business", "territory_full", "too_small", "rival_firm", "known_partner", "incomplete", "other")


@service
def prepare(at: datetime) -> PolicyVersion:
    """Publish the first terms and reasons of a new vendor; doing it again changes nothing."""
    rows = [ReasonCode(area=REASONS, code=code, position=position) for position, code in enumerate(REJECTIONS)]
    ReasonCode.objects.bulk_create(rows, ignore_conflicts=True)
    first = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    today = today_of_vendor(at)
    if not PolicyVersion.objects.filter(area=APPLICATION).exists():
        versions.publish(APPLICATION, {"rules": NOBODY_RULES}, effective_on=today, at=at)
    return first or versions.publish(AREA, Terms().body(), effective_on=today, at=at)


@service
def keep(terms: Terms, *, revision: int | None, by: Membership, at: datetime) -> PolicyDraft:
    """Keep a draft that binds nobody yet. Raises `versions.DraftChanged`."""
    return versions.save_draft(AREA, terms.body(), revision=revision, by=by, at=at)


@service
def publish(*, effective_on: date, revision: int, by: Membership, at: datetime) -> PolicyVersion:
    """Let the draft bind those who start to apply from a day on. Raises what `versions.publish_draft` raises."""
    version = versions.publish_draft(AREA, effective_on=effective_on, revision=revision, by=by, at=at)
    record(JoiningPublished(version.number, effective_on=effective_on.isoformat()), on=version, by=by, at=at)
    return version
