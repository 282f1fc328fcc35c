"""What a new vendor starts with, so that quotes have terms from the first day."""

from __future__ import annotations

from datetime import datetime

from deals.queries.terms import today_of_vendor
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyVersion
from quotes.rules.terms import AREA, Terms


@service
def prepare(at: datetime) -> PolicyVersion:
    """Publish the first terms of quotes; doing it again changes nothing."""
    first = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    return first or versions.publish(AREA, Terms().body(), effective_on=today_of_vendor(at), at=at)
