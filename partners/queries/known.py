"""What is known of a partner on a day, as rules of any area want it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from partners.models import Partner, TierMembership
from partners.rules.known import NO_TIER
from prm.policies.periods import Span


def of_partner(partner: Partner, today: date, asked: frozenset[str]) -> dict[str, Any]:
    """Return the facts about a partner, as far as `asked` names them."""
    return {name: find(partner, today) for name, find in FINDERS.items() if name in asked}


def _tier(partner: Partner, today: date) -> str:
    standing = TierMembership.objects.on(today).filter(partner=partner.pk).first()
    return str(standing.tier_id) if standing else NO_TIER


FINDERS: Mapping[str, Callable[[Partner, date], Any]] = {
    "partner_type": lambda partner, today: partner.type,
    "partner_status": lambda partner, today: partner.status,
    "partner_tier": _tier,
    "partner_country": lambda partner, today: partner.country,
    "has_distributor": lambda partner, today: partner.distributor_id is not None,
    "partner_since": lambda partner, today: Span(partner.joined_on, today),
}
