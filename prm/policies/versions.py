"""Publishing a vendor's rules and finding the version in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from prm.accounts.models import Membership
from prm.events.service import service
from prm.policies.models import PolicyVersion


@service
def publish(
    area: str, body: Mapping[str, Any], *, effective_on: date, at: datetime, by: Membership | None = None
) -> PolicyVersion:
    """Add the next version of an area's rules; what was decided under older ones keeps them."""
    latest = PolicyVersion.objects.filter(area=area).order_by("-number").first()
    version = PolicyVersion(
        area=area,
        number=latest.number + 1 if latest else 1,
        body=dict(body),
        effective_on=effective_on,
        published_by_id=by.user_id if by else None,
        published_at=at,
    )
    version.save(force_insert=True)
    return version


def in_force(area: str, on: date) -> PolicyVersion:
    """Return the version of an area's rules that applies on a day; every vendor has one from its first day."""
    versions = PolicyVersion.objects.filter(area=area, effective_on__lte=on).order_by("-effective_on", "-number")
    return versions[0]
