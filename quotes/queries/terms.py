"""The terms of quotes in force."""

from __future__ import annotations

from datetime import date

from prm.policies import versions
from prm.policies.models import PolicyVersion
from quotes.rules.terms import AREA, Terms


def current(on: date) -> tuple[PolicyVersion, Terms]:
    """Return the version in force on a day, and its terms."""
    version = versions.in_force(AREA, on)
    return version, Terms.from_body(version.body)


def pinned(policy: PolicyVersion) -> Terms:
    """Return the terms a revision was priced under."""
    return Terms.from_body(policy.body)
