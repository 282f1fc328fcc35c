"""What a new vendor starts with, so that quotes have terms and reasons from the first day."""

from __future__ import annotations

from datetime import datetime

from deals.queries.terms import today_of_vendor
from prm.events.service import service
from prm.policies import versions
from prm.policies.courses import NOBODY_RULES
from prm.policies.models import PolicyVersion, ReasonCode
from quotes.rules.catalogue import AREA as QUOTE_AREA
from quotes.rules.terms import AREA, Terms

REASONS = {
    "quotes.approval": ("too_high", "not_convincing", "too_few", "incomplete", "other"),
    "quotes.decline": ("price", "other_offer", "function", "no_budget", "postponed", "other"),
    "quotes.cancellation": ("customer_cancelled", "not_available", "entered_twice", "other"),
}


@service
def prepare(at: datetime) -> PolicyVersion:
    """Publish the first terms of quotes and the lists of reasons; doing it again changes nothing.

    The reasons carry no words of their own: each reader gets them in their language, until the vendor renames one.
    """
    ReasonCode.objects.bulk_create(
        [
            ReasonCode(area=area, code=code, position=position)
            for area, codes in REASONS.items()
            for position, code in enumerate(codes)
        ],
        ignore_conflicts=True,
    )
    today = today_of_vendor(at)
    if not PolicyVersion.objects.filter(area=QUOTE_AREA).exists():
        versions.publish(QUOTE_AREA, {"rules": NOBODY_RULES}, effective_on=today, at=at)
    first = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    return first or versions.publish(AREA, Terms().body(), effective_on=today, at=at)
