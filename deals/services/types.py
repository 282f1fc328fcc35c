"""Keeping the types of registrations. What was registered keeps its type; what is offered no more is switched off."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from deals.events import RegistrationTypeAdded, RegistrationTypeChanged
from deals.models import RegistrationType
from deals.queries import types as queries
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

RESERVED = frozenset({"new"})  # what the addresses of pages need
VALUES = ("name", "summary", "position", "is_active")


class TypeCodeTaken(DomainError):
    """Another type has this code, or the portal's own pages need it."""


class TypeChanged(DomainError):
    """Somebody saved the type after this form was opened."""


class LastType(DomainError):
    """Partners need a type to choose."""


@service
def add(code: str, values: Mapping[str, Any], *, by: Membership, at: datetime) -> RegistrationType:
    """Offer another type, at the end unless a position is given. Raises `TypeCodeTaken`."""
    if code in RESERVED:
        raise TypeCodeTaken(code=code, is_reserved=True)
    _begin()
    made = RegistrationType(code=code, **_with_position(values))
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "registration_type_codes_differ" not in str(error):
            raise
        raise TypeCodeTaken(code=code) from error
    record(RegistrationTypeAdded(made.pk, made.name), on=made, by=by, at=at)
    return made


@service
def change(code: str, values: Mapping[str, Any], *, seen: str, by: Membership, at: datetime) -> RegistrationType:
    """Save a type, whose code stays; `seen` is the fingerprint of what the person began with.

    Raises `TypeChanged` and, for the last one that can be chosen, `LastType`.
    """
    _begin()
    rows = list(
        RegistrationType.objects.select_for_update().order_by("pk")
    )  # two last ones are not switched off at once
    found = next(row for row in rows if row.code == code)
    if fingerprint(found) != seen:
        raise TypeChanged(type=found)
    wanted = _with_position(values)
    changed = tuple(name for name in VALUES if getattr(found, name) != wanted[name])
    for name in changed:
        setattr(found, name, wanted[name])
    if not any(row.is_active for row in rows):
        raise LastType(type=found)
    if changed:
        found.save(update_fields=changed)
        record(RegistrationTypeChanged(found.pk, found.name, fields=changed), on=found, by=by, at=at)
    return found


def fingerprint(found: RegistrationType) -> str:
    """Return a text that changes whenever one of the values that people edit does."""
    return hashlib.sha256("\0".join(str(getattr(found, name)) for name in VALUES).encode()).hexdigest()[:32]


def _begin() -> None:
    """Write down the types that the product comes with, before the first of them is changed."""
    if not RegistrationType.objects.exists():
        RegistrationType.objects.bulk_create(queries.defaults(), ignore_conflicts=True)


def _with_position(values: Mapping[str, Any]) -> dict[str, Any]:
    last = RegistrationType.objects.aggregate(last=Max("position"))["last"] or 0
    return {**values, "position": last + 1 if values.get("position") is None else values["position"]}
