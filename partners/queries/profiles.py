"""A partner's profile: its own facts and words together."""

from __future__ import annotations

import hashlib
from typing import Any

from partners.models import CompanyProfile, Partner
from partners.rules import profiles as rules
from partners.rules.catalogue import PARTNER
from prm.custom_fields import queries as custom_fields

OF_PARTNER = ("address", "city", "website")
OF_PROFILE = ("phone", "description", "regions", "industries")


def of(partner: Partner) -> CompanyProfile:
    """Return what a partner says of itself; an empty profile before it said anything."""
    found = CompanyProfile.objects.filter(partner=partner).first()
    return found or CompanyProfile(partner=partner, partner_path=partner.partner_path)


def facts_of(partner: Partner, profile: CompanyProfile) -> dict[str, Any]:
    """Return everything an administrator edits, by name."""
    own = {name: getattr(partner, name) for name in OF_PARTNER}
    return own | {name: getattr(profile, name) for name in OF_PROFILE}


def completeness_of(partner: Partner) -> rules.Completeness:
    return rules.completeness(facts_of(partner, of(partner)))


def seen_of(partner: Partner, profile: CompanyProfile) -> str:
    """Return a text that changes whenever something does that an administrator edits, custom fields included."""
    asked = (each.key for each in custom_fields.definitions_of(PARTNER) if not each.is_internal)
    return fingerprint(facts_of(partner, profile) | {f"custom.{key}": partner.custom.get(key) for key in asked})


def fingerprint(facts: dict[str, Any]) -> str:
    """Return a text that changes whenever one of the facts does."""
    return hashlib.sha256("\0".join(f"{name}={facts[name]}" for name in sorted(facts)).encode()).hexdigest()[:32]
