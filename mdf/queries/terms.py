"""The terms for marketing funds in force, and the vendor's day."""

from __future__ import annotations

from datetime import date, datetime

from mdf.models import Claim, FundRequest
from mdf.rules.terms import AREA, Terms
from prm.accounts.models import VendorProfile
from prm.clocks.clock import Promise
from prm.clocks.hours import day_of
from prm.policies import following, versions
from prm.policies.models import PolicyVersion


def current(on: date) -> tuple[PolicyVersion, Terms]:
    """Return the version in force on a day, and its terms."""
    version = versions.in_force(AREA, on)
    return version, Terms.from_body(version.body)


def pinned(policy: PolicyVersion | None) -> Terms:
    """Return the terms a fund, a request or a claim stands under."""
    return Terms.from_body(policy.body if policy else {})


def promise_of(row: FundRequest | Claim) -> Promise:
    """Return within how much business time a decision about a request or a claim was promised."""
    return following.promise_of(row, pinned(row.policy).decision_business_days)


def today_of_vendor(at: datetime) -> date:
    """Return the day at the vendor: every date of a fund is one of the vendor's days."""
    return day_of(at, VendorProfile.objects.values_list("time_zone", flat=True).get())
