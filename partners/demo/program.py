"""The programmes of both vendors: their tiers with what they ask and give."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partners.enums import Metric
from partners.rules.programs import ProgramTerms, TierBenefits, TierTerms
from partners.rules.requirements import Group, Need, Rate
from partners.services.programs import new_id
from prm.demo.scenes import Scene
from prm.tenancy.fields import uuid7

Row = tuple[str, tuple[Need, ...], tuple[int, int | None, int | None]]


def terms_of(scene: Scene) -> ProgramTerms:
    """Return the programme as the vendor publishes it when its portal opens."""
    halyard: list[Row] = [
        ("Registered", (), (5, None, None)),
        ("Silver", (_revenue(60_000), _need(Metric.REGISTRATIONS, 2)), (12, None, 40)),
        ("Gold", (_revenue(150_000), _need(Metric.WON_DEALS, 2)), (20, None, 50)),
        ("Platinum", (_revenue(400_000), _need(Metric.CONFIRMED, 1, label="Joint business plan")), (26, 120, 60)),
    ]
    ostwerk: list[Row] = [
        ("Basis", (), (5, None, None)),
        ("Fachpartner", (_revenue(70_000),), (14, None, 40)),
        ("Premium", (_revenue(200_000), _need(Metric.WON_DEALS, 2)), (22, 110, 50)),
    ]
    if scene.vendor.slug == "halyard":
        rates = (Rate("GBP", scene.ago(900), Decimal("1.17")),)
        return ProgramTerms("Halyard Compass", "EUR", _tiers(halyard, by_invitation="Platinum"), rates=rates)
    return ProgramTerms("Ostwerk Fachpartner", "CHF", _tiers(ostwerk))


def _tiers(rows: list[Row], by_invitation: str = "") -> tuple[TierTerms, ...]:
    return tuple(
        TierTerms(
            str(uuid7()),
            name,
            rank,
            name == by_invitation,
            Group(new_id(), parts=parts),
            TierBenefits(Decimal(discount), days, None if share is None else Decimal(share)),
        )
        for rank, (name, parts, (discount, days, share)) in enumerate(rows, 1)
    )


def _revenue(amount: int) -> Need:
    return _need(Metric.REVENUE, amount)


def _need(metric: Metric, target: int, **facts: Any) -> Need:
    return Need(new_id(), metric, Decimal(target), **facts)
