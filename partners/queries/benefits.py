"""What a partner's tier gives it on a day; quotes, deals and marketing funds ask here."""

from __future__ import annotations

from datetime import date

from partners.models import Partner, TierMembership
from partners.queries import programs
from partners.rules.benefits import NONE, Benefits


def held_by(partner: Partner, on: date) -> Benefits:
    """Return the benefits of the tier a partner stands in on a day, under the programme in force; none without a tier.

    Whoever decides something by them keeps them with what was decided, and the version that gave them.
    """
    standing = TierMembership.objects.on(on).filter(partner=partner).select_related("tier").first()
    if standing is None:
        return NONE
    version, terms = programs.in_force(on)
    tier = terms.tier(str(standing.tier_id))
    if tier is None:
        return Benefits(str(standing.tier_id), standing.tier.name, version.number)
    gives = tier.benefits
    return Benefits(
        tier.id, tier.name, version.number, gives.discount_percent, gives.protection_days, gives.fund_share_percent
    )
