"""What a partner gets for standing in a tier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Benefits:
    """Percentages are of 100; nothing means that the tier adds nothing to the vendor's ordinary terms."""

    tier_id: str = ""
    tier_name: str = ""
    program_version: int = 0  # of the programme that gives them; 0 without a tier
    discount_percent: Decimal = Decimal(0)
    protection_days: int | None = None
    fund_share_percent: Decimal | None = None


NONE = Benefits()
