"""Putting the draft of an area into force, taking a version back before its day, and going back to an older one."""

from __future__ import annotations

from datetime import date, datetime

from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import versions
from prm.policies.areas import Area
from prm.policies.models import PolicyDraft, PolicyVersion
from prm.policies.screens.events import RulesPublished, RulesRecalled


class NotReady(DomainError):
    """Something in the draft is wrong; `number` says how many things."""


class InForce(DomainError):
    """The version has taken effect, so that it cannot be taken back."""


class DraftIsOpen(DomainError):
    """Somebody works on a draft, which another one would replace."""


@service
def publish(
    area: Area, *, effective_on: date, revision: int, today: date, by: Membership, at: datetime
) -> PolicyVersion:
    """Publish the draft; `today` is the vendor's. Raises `NotReady`, and what `versions.publish_draft` raises."""
    if problems := area.problems(versions.looked_at(area.key, revision).body):
        raise NotReady(number=len(problems))
    version = versions.publish_draft(area.key, effective_on=effective_on, revision=revision, by=by, at=at)
    if effective_on == today and area.follow:
        area.follow(version)
    record(RulesPublished(area.key, version.number, effective_on.isoformat()), on=version, by=by, at=at)
    return version


@service
def discard(area: Area, *, revision: int) -> None:
    """Throw the draft away. Raises `DraftChanged` if it is not the one that was looked at."""
    if versions.draft_of(area.key):
        versions.looked_at(area.key, revision)
        versions.discard_draft(area.key)


@service
def recall(version: PolicyVersion, *, today: date, by: Membership, at: datetime) -> None:
    """Take a version back whose day has not come; again, nothing happens. Raises `InForce`."""
    found = PolicyVersion.objects.select_for_update().filter(pk=version.pk).first()
    if found is None:
        return
    if found.effective_on <= today:
        raise InForce
    record(RulesRecalled(found.area, found.number, found.effective_on.isoformat()), on=found, by=by, at=at)
    versions.take_back(found)


@service
def go_back_to(version: PolicyVersion, *, by: Membership, at: datetime) -> PolicyDraft:
    """Make a draft of an earlier version. Raises `DraftIsOpen` while there is one."""
    draft = versions.draft_of(version.area)
    if draft is not None:
        raise DraftIsOpen(by=draft.saved_by)
    return versions.save_draft(version.area, version.body, revision=None, by=by, at=at)
