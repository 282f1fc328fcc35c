"""The kinds of activity that funds pay for, and the documents that prove them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from mdf.events import ActivityTypeAdded, ActivityTypeChanged
from mdf.models import ActivityType
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

FIELDS = ("name", "code", "help", "proofs_all", "proofs_any", "is_active")


class CodeTaken(DomainError):
    """Another kind of activity has this code."""


class ActivityTypeChangedMeanwhile(DomainError):
    """Somebody saved it after this page was opened."""


@service
def add(values: Mapping[str, Any], *, by: Membership | None, at: datetime) -> ActivityType:
    """Add a kind of activity at the end of the list. Raises `CodeTaken`."""
    kind = ActivityType(**values, position=ActivityType.objects.count())
    _save(kind, force_insert=True)
    record(ActivityTypeAdded(kind.pk, activity_type=kind.name), on=kind, by=by, at=at)
    return kind


@service
def change(
    kind: ActivityType, values: Mapping[str, Any], *, version: int | None, by: Membership, at: datetime
) -> ActivityType:
    """Save a kind of activity; claims are held to the proofs it asks for when they are sent.

    Raises `CodeTaken` and `ActivityTypeChangedMeanwhile`.
    """
    kind = ActivityType.objects.locked(kind.pk)
    if version is not None and version != kind.version:
        raise ActivityTypeChangedMeanwhile(kind=kind)
    changed = [name for name in FIELDS if getattr(kind, name) != values[name]]
    if not changed:
        return kind
    for name in changed:
        setattr(kind, name, values[name])
    kind.version += 1
    _save(kind)
    record(ActivityTypeChanged(kind.pk, activity_type=kind.name, fields=tuple(changed)), on=kind, by=by, at=at)
    return kind


def _save(kind: ActivityType, **how: Any) -> None:
    try:
        with transaction.atomic():
            kind.save(**how)
    except IntegrityError as error:
        if "activity_type_codes_differ" not in str(error):
            raise
        raise CodeTaken(code=kind.code) from error
