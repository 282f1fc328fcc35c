"""The registration terms in force, and the vendor's day."""

from __future__ import annotations

from datetime import date, datetime

from deals.rules.engagement import Stipulated
from deals.rules.terms import AREA, Grant, Terms
from partners.models import Partner
from partners.queries import benefits
from prm.accounts.models import VendorProfile
from prm.clocks import calendars
from prm.clocks.hours import day_of
from prm.policies import versions
from prm.policies.models import PolicyVersion
from prm.policies.periods import WEEKDAYS, Unit


def current(on: date) -> tuple[PolicyVersion, Terms]:
    """Return the version in force on a day, and its terms."""
    version = versions.in_force(AREA, on)
    return version, Terms.from_body(version.body)


def pinned(policy: PolicyVersion | None) -> Terms:
    """Return the terms a registration was submitted under."""
    return Terms.from_body(policy.body if policy else {})


def granted(partner: Partner, stipulated: Stipulated, on: date, submitted_on: date | None = None) -> Grant:
    """Return how long an approval on a day protects: as its rules say, or longer where the partner's tier does."""
    calendar = calendars.default() if stipulated.protection.unit == Unit.BUSINESS_DAYS else WEEKDAYS
    usual = (stipulated.protected_until(on, submitted_on or on, calendar) - on).days
    held = benefits.held_by(partner, on)
    if held.protection_days is None or held.protection_days <= usual:
        return Grant(usual)
    return Grant(held.protection_days, held.tier_name, held.program_version)


def today_of_vendor(at: datetime) -> date:
    """Return the day at the vendor: every date of a registration is one of the vendor's days."""
    return day_of(at, zone_of_vendor())


def zone_of_vendor() -> str:
    """Return the time zone in which the vendor's days begin, for whoever asks for many."""
    return VendorProfile.objects.values_list("time_zone", flat=True).get()
