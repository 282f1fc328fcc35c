"""What a new vendor starts with, so that its partners can register deals from the first day."""

from __future__ import annotations

from datetime import datetime

from deals.queries import terms as registration_terms
from deals.rules.terms import AREA, Terms
from prm.events.service import service
from prm.policies import versions
from prm.policies.models import PolicyVersion, ReasonCode

REASONS = {
    AREA: ("duplicate", "existing_business", "not_eligible", "incomplete", "no_activity", "other"),
    "deals.amendment": ("no_evidence", "not_eligible", "too_late", "other"),
    "deals.extension": ("no_progress", "no_evidence", "too_late", "other"),
    "deals.transfer": ("firm_bought", "partner_ended", "customer_wish", "partner_asked", "other"),
    "deals.loss": ("price", "competitor", "function", "no_budget", "postponed", "other"),
    "deals.revocation": ("no_progress", "untrue", "customer_wish", "rules_broken", "other"),
}


@service
def prepare(at: datetime) -> PolicyVersion:
    """Publish the first registration terms and the lists of reasons; doing it again changes nothing.

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
    first = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    today = registration_terms.today_of_vendor(at)
    return first or versions.publish(AREA, Terms().body(), effective_on=today, at=at)
