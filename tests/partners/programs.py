"""Makes programmes for tests; say only what matters to the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from partners.enums import Metric
from partners.models import Program, Tier
from partners.queries import programs as queries
from partners.rules.programs import AREA, ProgramTerms, TierBenefits, TierTerms
from partners.rules.requirements import Group, Need, Node
from partners.services import programs
from prm.policies import versions
from prm.policies.models import PolicyVersion
from prm.tenancy.fields import uuid7
from tests.build import MONDAY

LONG_AGO = date(2020, 1, 1)


def need(metric: Metric | str = Metric.REVENUE, target: int | str = 1, **facts: Any) -> Need:
    """A need with an id of its own."""
    return Need(programs.new_id(), Metric(metric), Decimal(target), **facts)


def asks(*parts: Node, **facts: Any) -> Group:
    """All of these, unless the test says otherwise."""
    return Group(programs.new_id(), parts=parts, **facts)


def tier(name: str, rank: int, *parts: Node, gives: Mapping[str, Any] | None = None, **facts: Any) -> TierTerms:
    return TierTerms(
        str(uuid7()), name, rank, requirement=asks(*parts), benefits=TierBenefits(**(gives or {})), **facts
    )


def terms(*tiers: TierTerms, **facts: Any) -> ProgramTerms:
    return ProgramTerms("Partners", "EUR", tiers, **facts)


def program(*names: str, terms: ProgramTerms | None = None) -> Program:
    """The vendor's programme with these tiers, the entry first; it has always been in force."""
    made = terms or ProgramTerms("Partners", "EUR", tuple(tier(name, rank) for rank, name in enumerate(names, 1)))
    PolicyVersion.objects.filter(area=AREA).update(effective_on=LONG_AGO)
    programs.mirror(versions.publish(AREA, made.body(), effective_on=LONG_AGO, at=MONDAY))
    return queries.program()


def levels() -> list[Tier]:
    """The tiers on offer, the entry first."""
    return list(Tier.objects.filter(is_offered=True).order_by("rank"))


def changed(terms: ProgramTerms, tiers: Iterable[TierTerms] | None = None, **facts: Any) -> ProgramTerms:
    """Other terms of the same tiers."""
    return replace(terms, **({"tiers": tuple(tiers)} if tiers else {}), **facts)
