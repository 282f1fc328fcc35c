"""Publishing a vendor's rules and finding the version in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from prm.accounts.models import Membership, VendorProfile
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies.models import PolicyDraft, PolicyVersion
from prm.tenancy import numbers


@service
def publish(
    area: str, body: Mapping[str, Any], *, effective_on: date, at: datetime, by: Membership | None = None
) -> PolicyVersion:
    """Add the next version of an area's rules; what was decided under older ones keeps them."""
    version = PolicyVersion(
        area=area,
        number=latest_number(area) + 1,
        body=dict(body),
        effective_on=effective_on,
        published_by_id=by.user_id if by else None,
        published_at=at,
    )
    version.save(force_insert=True)
    return version


class NothingDrafted(DomainError):
    """There is no draft: somebody published or discarded it."""


class InThePast(DomainError):
    """A version cannot take effect before today: what was decided stays as it is."""


class ScheduledLater(DomainError):
    """A version is already scheduled for a later day, and would undo this one."""


@service
def schedule(area: str, body: Mapping[str, Any], *, effective_on: date, by: Membership, at: datetime) -> PolicyVersion:
    """Publish what somebody wants to apply from a day on; two who publish at once do it one after the other.

    Raises `InThePast` and `ScheduledLater`.
    """
    today = VendorProfile.objects.select_for_update().get().day_of(at)
    if effective_on < today:
        raise InThePast(day=effective_on)
    later = PolicyVersion.objects.filter(area=area, effective_on__gt=effective_on).order_by("-effective_on").first()
    if later is not None:
        raise ScheduledLater(day=later.effective_on)
    return publish(area, body, effective_on=effective_on, at=at, by=by)


@service
def publish_draft(area: str, *, effective_on: date, revision: int, by: Membership, at: datetime) -> PolicyVersion:
    """Let the draft that a person looked at apply from a day on.

    Raises `NothingDrafted`, `DraftChanged`, and what `schedule` raises.
    """
    version = schedule(area, looked_at(area, revision).body, effective_on=effective_on, by=by, at=at)
    discard_draft(area)
    return version


def looked_at(area: str, revision: int) -> PolicyDraft:
    """Return the draft, locked. Raises `NothingDrafted`, and `DraftChanged` if it is not the one of that revision."""
    draft = PolicyDraft.objects.select_for_update().filter(area=area).first()
    if draft is None:
        raise NothingDrafted
    if draft.revision != revision:
        raise DraftChanged(by=draft.saved_by)
    return draft


def in_force(area: str, on: date) -> PolicyVersion:
    """Return the version of an area's rules that applies on a day; every vendor has one from its first day."""
    versions = PolicyVersion.objects.filter(area=area, effective_on__lte=on).order_by("-effective_on", "-number")
    return versions[0]


class DraftChanged(DomainError):
    """Somebody saved the draft after this page was opened."""


@service
def save_draft(
    area: str, body: Mapping[str, Any], *, revision: int | None, by: Membership, at: datetime
) -> PolicyDraft:
    """Keep the next version of an area's rules, which nobody is bound by until it is published.

    `revision` is the draft that the person looked at, nothing if there was none. Raises `DraftChanged` for another.
    """
    draft = PolicyDraft.objects.select_for_update().filter(area=area).first()
    if (draft.revision if draft else None) != revision:
        raise DraftChanged(by=draft.saved_by if draft else None)
    if draft is None:
        draft = PolicyDraft(area=area, based_on=latest_number(area), revision=0)
    draft.body, draft.revision, draft.saved_by_id, draft.saved_at = dict(body), draft.revision + 1, by.user_id, at
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:  # two began the first draft at once
        raise DraftChanged(by=None) from error
    return draft


@service
def discard_draft(area: str) -> None:
    """Throw the draft of an area away."""
    PolicyDraft.objects.filter(area=area).delete()


def draft_of(area: str) -> PolicyDraft | None:
    """Return what an administrator works on, if anybody does."""
    return PolicyDraft.objects.filter(area=area).select_related("saved_by").first()


def latest_number(area: str) -> int:
    """Return the highest number that a version of an area ever had, also if it was taken back; 0 before the first."""
    newest = PolicyVersion.objects.filter(area=area).aggregate(latest=Max("number"))["latest"] or 0
    return max(newest, numbers.last_used(_taken_back(area)))


def take_back(version: PolicyVersion) -> None:
    """Delete a version, whose number no other ever gets. That its day has not come is for the caller to see to."""
    numbers.keep_used(_taken_back(version.area), version.number)
    version.delete()


def _taken_back(area: str) -> str:
    return f"policy {area}"


def history(area: str) -> list[PolicyVersion]:
    """Return all versions of an area, the newest first."""
    return list(PolicyVersion.objects.filter(area=area).select_related("published_by").order_by("-number"))


def current_of(history: Iterable[PolicyVersion], today: date) -> PolicyVersion | None:
    """Return the version of a history that is in force, nothing before the first takes effect."""
    begun = [row for row in history if row.effective_on <= today]
    return max(begun, key=lambda row: (row.effective_on, row.number), default=None)
