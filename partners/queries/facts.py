"""What is known of partners and applications, as the conditions of their custom fields ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from partners.models import Application, Partner, Tier, TierMembership
from partners.queries.days import today_of_vendor
from partners.rules import catalogue
from partners.rules.catalogue import NO_TIER, PARTNER, Choices
from prm.custom_fields import queries as custom_fields
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue, Choice
from prm.ui import countries


def of_applicants() -> Catalogue:
    """Return what fields of applications can depend on, with the words for it."""
    return catalogue.of_applicants(_countries())


def of_partners() -> Catalogue:
    """Return what fields of partners can depend on, with the vendor's own tiers."""
    tiers = Tier.objects.order_by("rank", "name").values_list("pk", "name")
    return catalogue.of_partners(_countries(), tuple(Choice(str(key), name) for key, name in tiers))


def of_applications(rows: Sequence[Application], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of applications, as far as they are typed."""
    today = today_of_vendor(at)
    return {row.pk: Facts({"type": row.type, "country": row.country or None}, today) for row in rows}


def of_partner(rows: Sequence[Partner], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of partners, each in the tier of today."""
    today = today_of_vendor(at)

    def gather(names: frozenset[str]) -> dict[UUID, Facts]:
        standings = TierMembership.objects.on(today).filter(partner__in=[row.pk for row in rows])
        tiers = dict(standings.values_list("partner_id", "tier_id")) if "tier" in names else {}
        return {row.pk: Facts(_values(row, str(tiers.get(row.pk, NO_TIER))), today) for row in rows}

    return custom_fields.gathered(PARTNER, rows, asked, at, gather)


def _values(row: Partner, tier: str) -> dict[str, Any]:
    return {
        "type": row.type,
        "country": row.country,
        "status": row.status,
        "tier": tier,
        "joined_on": row.joined_on,
        "has_distributor": row.distributor_id is not None,
    }


def _countries() -> Choices:
    return tuple(Choice(code, name) for code, name in countries.choices())
