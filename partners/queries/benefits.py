"""What a partner's tier gives it on a day; quotes, deals and marketing funds ask here."""

from __future__ import annotations

from datetime import date

from partners.models import Partner, TierMembership
from partners.rules.benefits import NONE, Benefits


def held_by(partner: Partner, on: date) -> Benefits:
    """Return the benefits of the tier a partner stands in on a day; none without a tier."""
    standing = TierMembership.objects.on(on).filter(partner=partner).select_related("tier").first()
    return Benefits(tier_id=str(standing.tier_id), tier_name=standing.tier.name) if standing else NONE
