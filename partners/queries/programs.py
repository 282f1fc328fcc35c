"""The vendor's programme: the version in force, the one that is worked on, and those before."""

from __future__ import annotations

from datetime import date

from partners.models import Program
from partners.rules.programs import AREA, ProgramTerms
from prm.policies import versions
from prm.policies.models import PolicyVersion


def in_force(on: date) -> tuple[PolicyVersion, ProgramTerms]:
    """Return the version in force on a day, and its terms; before the first version, the first."""
    rows = PolicyVersion.objects.filter(area=AREA)
    version = rows.filter(effective_on__lte=on).order_by("-effective_on", "-number").first()
    version = version or rows.order_by("effective_on", "number")[0]
    return version, ProgramTerms.from_body(version.body)


def scheduled(today: date) -> list[PolicyVersion]:
    """Return the versions that come into force later, the next first."""
    return list(PolicyVersion.objects.filter(area=AREA, effective_on__gt=today).order_by("effective_on", "number"))


def version(number: int) -> PolicyVersion | None:
    """Return a version by its number."""
    return PolicyVersion.objects.filter(area=AREA, number=number).select_related("published_by").first()


def history() -> list[PolicyVersion]:
    """Return all versions, the newest first."""
    return versions.history(AREA)


def program() -> Program:
    """Return the programme itself; every vendor has one from its first day."""
    return Program.objects.filter(is_active=True).order_by("starts_on", "id")[0]
