"""A vendor's programme: one published version of its tiers, what they ask and give, and how they are reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from partners.enums import Promotion
from partners.rules import requirements
from partners.rules.requirements import Group, Measure, Rate
from prm.policies.periods import months_later

AREA = "partners.program"


@dataclass(frozen=True)
class TierBenefits:
    """What a tier gives; nothing where it adds nothing to the vendor's ordinary terms."""

    discount_percent: Decimal = Decimal(0)
    protection_days: int | None = None
    fund_share_percent: Decimal | None = None


@dataclass(frozen=True)
class TierTerms:
    """A ranked level; 1 is the entry. Numbers alone never lead into one that is by invitation."""

    id: str
    name: str
    rank: int
    is_by_invitation: bool = False
    requirement: Group = field(default_factory=lambda: Group("all"))
    benefits: TierBenefits = TierBenefits()


@dataclass(frozen=True)
class ProgramTerms:
    """Reviews are on the first of a month, every `review_months` counted from `review_from`."""

    name: str
    currency: str
    tiers: tuple[TierTerms, ...] = ()
    promotion: Promotion = Promotion.AT_ONCE
    review_months: int = 3
    review_from: int = 1
    grace_days: int = 60
    warning_days: int = 60  # how far ahead a requirement that will lapse counts as at risk
    rates: tuple[Rate, ...] = ()

    @cached_property
    def ranked(self) -> tuple[TierTerms, ...]:
        """Return the tiers, the entry first."""
        return tuple(sorted(self.tiers, key=lambda tier: tier.rank))

    @property
    def measure(self) -> Measure:
        return Measure(self.currency, self.rates, self.warning_days)

    def tier(self, tier_id: str | None) -> TierTerms | None:
        """Return a tier by its id, nothing if this version has none such."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)

    def above(self, tier: TierTerms | None) -> TierTerms | None:
        """Return the next higher tier, the entry for a partner that stands in none."""
        return next((other for other in self.ranked if tier is None or other.rank > tier.rank), None)

    def review_from_on(self, day: date) -> date:
        """Return the first day of review on or after a day."""
        first = day.replace(day=1)
        while first < day or (first.month - self.review_from) % self.review_months:
            first = months_later(first, 1)
        return first

    def demotion_day(self, warned_on: date) -> date:
        """Return the review at which a partner that was warned on a day loses its tier."""
        return self.review_from_on(warned_on + timedelta(days=self.grace_days))

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> ProgramTerms:
        """Read a stored version; terms that it does not mention keep their defaults."""
        plain = {name: body[name] for name in PLAIN if name in body}
        return cls(
            **plain,
            promotion=Promotion(body.get("promotion", Promotion.AT_ONCE)),
            tiers=tuple(_tier(tier) for tier in body.get("tiers", ())),
            rates=tuple(
                Rate(rate["currency"], date.fromisoformat(rate["starts_on"]), Decimal(rate["rate"]))
                for rate in body.get("rates", ())
            ),
        )

    def body(self) -> dict[str, Any]:
        """Return the terms as they are stored."""
        return {name: getattr(self, name) for name in PLAIN} | {
            "promotion": str(self.promotion),
            "tiers": [body_of_tier(tier) for tier in self.ranked],
            "rates": [
                {"currency": rate.currency, "starts_on": rate.starts_on.isoformat(), "rate": str(rate.rate)}
                for rate in self.rates
            ],
        }


PLAIN = ("name", "currency", "review_months", "review_from", "grace_days", "warning_days")


def _tier(body: Mapping[str, Any]) -> TierTerms:
    given = body.get("benefits", {})
    share, days = given.get("fund_share_percent"), given.get("protection_days")
    node = requirements.node_from(body["requirement"])
    return TierTerms(
        id=str(body["id"]),
        name=str(body["name"]),
        rank=int(body["rank"]),
        is_by_invitation=bool(body.get("is_by_invitation", False)),
        requirement=node if isinstance(node, Group) else Group("all", parts=(node,)),
        benefits=TierBenefits(
            Decimal(str(given.get("discount_percent") or 0)),
            int(days) if days not in (None, "") else None,
            Decimal(str(share)) if share not in (None, "") else None,
        ),
    )


def body_of_tier(tier: TierTerms) -> dict[str, Any]:
    """Return a tier as it is stored."""
    share = tier.benefits.fund_share_percent
    return {
        "id": tier.id,
        "name": tier.name,
        "rank": tier.rank,
        "is_by_invitation": tier.is_by_invitation,
        "requirement": requirements.body_of(tier.requirement),
        "benefits": {
            "discount_percent": str(tier.benefits.discount_percent),
            "protection_days": tier.benefits.protection_days,
            "fund_share_percent": str(share) if share is not None else None,
        },
    }
