"""A partner's company: what it edits itself, and what identifies it, which the vendor changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from partners.enums import TaskKind
from partners.events import IdentityChanged, IdentityRequested, ProfileEdited
from partners.models import Partner
from partners.queries import profiles as queries
from partners.rules import profiles as rules
from partners.rules.catalogue import PARTNER
from partners.services import onboarding
from prm.accounts.models import Invitation, Membership
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

IDENTITY = ("name", "tax_id", "country")


class ProfileChangedMeanwhile(DomainError):
    """Somebody saved the profile after this page was opened."""


class IdentityChangedMeanwhile(DomainError):
    """Somebody changed the identifying facts after this page was opened."""


@service
def edit(
    partner: Partner,
    facts: Mapping[str, Any],
    *,
    custom: Mapping[str, Any] | None = None,
    seen: str,
    by: Membership,
    at: datetime,
) -> Partner:
    """Save what a partner says of itself; `seen` is the fingerprint of what the person started from.

    Raises `ProfileChangedMeanwhile` and `CustomFieldsMissing`.
    """
    partner = Partner.objects.locked(partner.pk)
    profile = queries.of(partner)
    before = queries.facts_of(partner, profile)
    if queries.seen_of(partner, profile) != seen:
        raise ProfileChangedMeanwhile(partner=partner)
    changed = tuple(name for name in before if before[name] != facts[name])
    for name in changed:
        setattr(partner if name in queries.OF_PARTNER else profile, name, facts[name])
    known = partner.custom
    custom_fields.fill(PARTNER, partner, custom or {})
    custom_fields.refuse_incomplete(KINDS[PARTNER], partner, at=at)
    if custom_fields.tell_change(PARTNER, partner, known, by=by, at=at) or changed:
        partner.stamp_keys()
        partner.save()
        profile.save()
    if changed:
        record(ProfileEdited(partner_id=partner.pk, fields=changed), on=partner, by=by, at=at)
    if rules.completeness(facts).is_complete:
        onboarding.complete(partner, TaskKind.PROFILE, by=by, at=at)
    return partner


@service
def identify(partner: Partner, facts: Mapping[str, Any], *, seen: str, by: Membership, at: datetime) -> Partner:
    """Change name, tax number or country of a partner, also where its people are named after it.

    Raises `IdentityChangedMeanwhile`.
    """
    partner = Partner.objects.locked(partner.pk)
    before = identity_of(partner)
    if queries.fingerprint(before) != seen:
        raise IdentityChangedMeanwhile(partner=partner)
    changed = tuple(name for name in IDENTITY if before[name] != facts[name])
    if not changed:
        return partner
    for name in changed:
        setattr(partner, name, facts[name])
    partner.stamp_keys()
    partner.save()
    for stamped in (Membership, Invitation):
        stamped.objects.filter(partner_id=partner.pk).update(firm=partner.name)
    record(IdentityChanged(partner_id=partner.pk, company=partner.name, fields=changed), on=partner, by=by, at=at)
    return partner


@service
def request_identity(partner: Partner, text: str, *, by: Membership, at: datetime) -> Partner:
    """Ask the vendor to change what identifies the company."""
    record(IdentityRequested(partner_id=partner.pk, text=text), on=partner, by=by, at=at)
    return partner


def identity_of(partner: Partner) -> dict[str, Any]:
    return {name: getattr(partner, name) for name in IDENTITY}
