"""The registration terms in force, and the vendor's day."""

from __future__ import annotations

from datetime import date, datetime

from deals.rules.terms import AREA, Grant, Terms
from partners.models import Partner
from partners.queries import benefits
from prm.accounts.models import VendorProfile
from prm.clocks.hours import day_of
from prm.policies import versions
from prm.policies.models import PolicyVersion


def current(on: date) -> tuple[PolicyVersion, Terms]:
    """Return the version in force on a day, and its terms."""
    version = versions.in_force(AREA, on)
    return version, Terms.from_body(version.body)


def pinned(policy: PolicyVersion | None) -> Terms:
    """Return the terms a registration was submitted under."""
    return Terms.from_body(policy.body if policy else {})


def granted(partner: Partner, terms: Terms, on: date) -> Grant:
    """Return how long an approval protects: as the terms say, or longer where the partner's tier gives more days."""
    held = benefits.held_by(partner, on)
    if held.protection_days is None or held.protection_days <= terms.protection_days:
        return Grant(terms.protection_days)
    return Grant(held.protection_days, held.tier_name, held.program_version)


def today_of_vendor(at: datetime) -> date:
    """Return the day at the vendor: every date of a registration is one of the vendor's days."""
    return day_of(at, VendorProfile.objects.values_list("time_zone", flat=True).get())
