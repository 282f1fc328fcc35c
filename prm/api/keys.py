"""Making keys for programs, revoking them, and finding who comes with one.

A secret has 256 random bits; only its hash is kept, so that whoever reads the database enters nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from prm.accounts import members
from prm.accounts.models import Membership, User
from prm.accounts.roles import PARTNER_ROLES, Role
from prm.api.events import ApiKeyMade, ApiKeyRevoked
from prm.api.models import ApiKey
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import as_system
from prm.tenancy.fields import uuid7
from prm.tenancy.models import Vendor

START = "prm_"
SHOWN = 10
MOST_KEYS = 50
NOTED_EVERY = timedelta(minutes=1)


class KeyNameTaken(DomainError):
    """A key that was not revoked has this name, by which people tell machines apart."""


class TooManyKeys(DomainError):
    """There are as many valid keys as anybody keeps an eye on."""


@service
def make(
    name: str, role: Role, scopes: Iterable[str], *, expires_at: datetime, by: Membership, at: datetime
) -> tuple[ApiKey, str]:
    """Let a program in for the firm of whoever makes the key, and return the secret, which is shown this once.

    Raises `WrongRole`, `KeyNameTaken` and `TooManyKeys`.
    """
    if (role in PARTNER_ROLES) != by.is_partner:
        raise members.WrongRole(role=role)
    place = {name: value for name, value in members.place_of(by).items() if name != "reaches_below"}
    ours = ApiKey.objects.filter(partner_id=by.partner_id, revoked_at__isnull=True, expires_at__gt=at)
    if ours.count() >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    pk, secret = uuid7(), START + secrets.token_urlsafe(32)
    machine = User.objects.create_user(f"{pk.hex}@api.invalid", None, name=f"{name} (API)", is_active=False)
    key = ApiKey(
        pk=pk,
        name=name,
        start=secret[:SHOWN],
        digest=members.digest(secret),
        user=machine,
        role=role,
        scopes=sorted(set(scopes)),
        made_by_id=by.user_id,
        made_at=at,
        expires_at=expires_at,
        **place,
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as error:
        if "keys_of_a_firm_have_names" not in str(error):
            raise
        raise KeyNameTaken(name=name) from error
    record(ApiKeyMade(key.pk, key.name, key.role, tuple(key.scopes)), on=key, by=by, at=at)
    return key, secret


@service
def revoke(key: ApiKey, *, by: Membership, at: datetime) -> ApiKey:
    """Let nothing in by this key any more, at once. Again, nothing happens."""
    key = ApiKey.objects.locked(key.pk)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        record(ApiKeyRevoked(key.pk, key.name), on=key, by=by, at=at)
    return key


def managed_by(member: Membership) -> QuerySet[ApiKey]:
    """Return the keys somebody may revoke: a vendor's administrator all, a partner's those of the own firm."""
    rows = ApiKey.objects.all()
    return rows if member.is_vendor else rows.filter(partner_id=member.partner_id)


def holder_of(vendor: Vendor, secret: str, at: datetime) -> tuple[ApiKey, Membership] | None:
    """Return the key that a secret opens at a vendor, and the machine that acts by it; nothing if it opens none.

    A partner's key opens as long as anybody of that partner may enter, and reaches as far as they do.
    """
    with as_system(vendor.pk):
        key = ApiKey.objects.filter(digest=members.digest(secret)).select_related("user").first()
        if key is None or key.state(at) != ApiKey.State.VALID:
            return None
        machine = Membership(pk=key.pk, tenant_id=vendor.pk, user=key.user, role=key.role, last_seen_on=at.date())
        if key.partner_id:
            colleagues = Membership.objects.filter(partner_id=key.partner_id, status=Membership.Status.ACTIVE)
            colleague = colleagues.order_by("id").first()
            if colleague is None:
                return None
            for name, value in members.place_of(colleague).items():
                setattr(machine, name, value)
        if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
        return key, machine
