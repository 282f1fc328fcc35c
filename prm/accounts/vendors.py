"""Opening a vendor's portal on this installation, and its settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from prm.accounts.events import ProfileChanged
from prm.accounts.models import Invitation, Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import as_system
from prm.tenancy.middleware import RESERVED
from prm.tenancy.models import Vendor

SETTINGS = [
    "brand_color",
    "brand_tint",
    "brand_radius",
    "time_zone",
    "language",
    "currency",
    "support_email",
    "demands_second_factor",
    "lets_distributors_see_below",
]


class SettingsChangedMeanwhile(DomainError):
    """Somebody saved the settings after this form was opened; `changed` holds (field, their value) pairs."""


OPENINGS: list[Callable[[datetime], object]] = []


def at_opening(prepare: Callable[[datetime], object]) -> Callable[[datetime], object]:
    """Let an app give each new portal what it starts with, in the transaction that opens it."""
    OPENINGS.append(prepare)
    return prepare


@service
def open_portal(slug: str, name: str, *, at: datetime | None = None, **profile: Any) -> Vendor:
    """Make a vendor and its profile (brand, time zone, language, currency); raises `ValueError` for a reserved slug."""
    if slug in RESERVED:
        raise ValueError(f"{slug} is a page of the installation.")
    vendor = Vendor.objects.create(slug=slug, name=name)
    with as_system(vendor.pk):
        VendorProfile(**profile).save(force_insert=True)
        for prepare in OPENINGS:
            prepare(at or timezone.now())
    return vendor


@service
def change_settings(settings: Mapping[str, Any], *, seen: str, by: Membership, at: datetime) -> VendorProfile:
    """Save the current vendor's settings; `seen` is the fingerprint of those the person started from.

    What distributors may see is taken away here and now; giving it back follows the event, because only
    the partners' app knows who is a distributor. Raises `SettingsChangedMeanwhile`.
    """
    profile = VendorProfile.objects.select_for_update().get()
    if fingerprint(profile) != seen:
        raise SettingsChangedMeanwhile()
    changed = [name for name in SETTINGS if getattr(profile, name) != settings[name]]
    if not changed:
        return profile
    for name in changed:
        setattr(profile, name, settings[name])
    profile.save(update_fields=changed)
    if "lets_distributors_see_below" in changed and not profile.lets_distributors_see_below:
        for stamped in (Membership, Invitation):
            stamped.objects.filter(reaches_below=True).update(reaches_below=False)
    fact = ProfileChanged(fields=changed, lets_distributors_see_below=profile.lets_distributors_see_below)
    record(fact, on=profile, by=by, at=at)
    return profile


def fingerprint(profile: VendorProfile) -> str:
    """Return a text that changes whenever one of the settings does."""
    values = [str(getattr(profile, name)) for name in SETTINGS]
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:32]
