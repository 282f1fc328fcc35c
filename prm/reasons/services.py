"""Keeping the lists of reasons. A reason that was given stays readable; what is offered no more is switched off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies.models import ReasonCode
from prm.reasons import queries
from prm.reasons.events import ReasonAdded, ReasonChanged, ReasonsTaken
from prm.reasons.lists import ReasonList

RESERVED = frozenset({"new", "product"})  # what the addresses of pages need
VALUES = ("label", "position", "is_active")


class ReasonCodeTaken(DomainError):
    """Another reason of the list has this code, or the portal's own pages need it."""


class ReasonChangedMeanwhile(DomainError):
    """Somebody saved the reason after this form was opened."""


class LastReason(DomainError):
    """Whoever decides needs a reason to choose."""


@service
def add(listed: ReasonList, code: str, values: Mapping[str, Any], *, by: Membership, at: datetime) -> ReasonCode:
    """Offer a reason of the vendor's own, at the end unless a position is given. Raises `ReasonCodeTaken`."""
    if code in RESERVED:
        raise ReasonCodeTaken(code=code)
    made = ReasonCode(area=listed.area, code=code, **_with_position(listed, values))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "a_reason_has_one_code" not in str(error):
            raise
        raise ReasonCodeTaken(code=code) from error
    record(ReasonAdded(listed.area, code), on=made, by=by, at=at)
    return made


@service
def change(
    listed: ReasonList, code: str, values: Mapping[str, Any], *, seen: str, by: Membership, at: datetime
) -> ReasonCode:
    """Save a reason, whose code stays; `seen` is the fingerprint of what the person began with.

    Raises `ReasonChangedMeanwhile` and, for the last one that can be chosen, `LastReason`.
    """
    rows = list(ReasonCode.objects.select_for_update().filter(area=listed.area).order_by("pk"))
    found = next(row for row in rows if row.code == code)
    if fingerprint(found) != seen:
        raise ReasonChangedMeanwhile(reason=found)
    wanted = _with_position(listed, values)
    changed = tuple(name for name in VALUES if getattr(found, name) != wanted[name])
    for name in changed:
        setattr(found, name, wanted[name])
    if not any(row.is_active for row in rows):
        raise LastReason(reason=found)
    if changed:
        found.save(update_fields=changed)
        record(ReasonChanged(listed.area, code, fields=changed), on=found, by=by, at=at)
    return found


@service
def take_over(listed: ReasonList, *, by: Membership, at: datetime) -> list[ReasonCode]:
    """Offer the reasons, too, that the product has come with since; doing it again finds nothing to do."""
    profile = VendorProfile.objects.select_for_update().get()  # two at once take over one after the other
    new = queries.new_in(listed, queries.of_list(listed.area))
    if new:
        ReasonCode.objects.bulk_create(new)
        record(ReasonsTaken(listed.area, tuple(row.code for row in new)), on=profile, by=by, at=at)
    return new


def fingerprint(found: ReasonCode) -> str:
    """Return a text that changes whenever one of the values that people edit does."""
    return hashlib.sha256("\0".join(str(getattr(found, name)) for name in VALUES).encode()).hexdigest()[:32]


def _with_position(listed: ReasonList, values: Mapping[str, Any]) -> dict[str, Any]:
    if values.get("position") is not None:
        return dict(values)
    last = ReasonCode.objects.filter(area=listed.area).aggregate(last=Max("position"))["last"]
    return {**values, "position": 0 if last is None else last + 1}
