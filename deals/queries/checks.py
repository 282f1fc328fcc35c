"""The masked pre-check: whether a customer is free, without revealing who else is after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from deals.enums import KeyKind
from deals.models import ProductFamily, Registration
from deals.queries import engagements
from deals.queries import terms as registration_terms
from deals.queries.conflicts import alike_of, conflicts_of
from deals.rules import conflicts
from deals.rules.conflicts import Standing, Verdict
from prm.accounts.models import Membership
from prm.tenancy.context import seeing_all_partners


@dataclass(frozen=True)
class FamilyCheck:
    """What a partner may know of one product family: its state, and until when if the vendor discloses it."""

    family: ProductFamily
    verdict: Verdict
    until: date | None


@dataclass(frozen=True)
class Precheck:
    """The answer: an overall verdict, the kinds of reason, and the families as far as they are disclosed."""

    verdict: Verdict
    reasons: tuple[KeyKind, ...] = ()
    families: tuple[FamilyCheck, ...] = ()
    is_own: bool = False
    has_keys: bool = True
    looks_alike: bool = False  # somebody registered a company that looks like it
    is_direct: bool = False  # the vendor works at it itself, and lets partners know

    @property
    def is_only_direct(self) -> bool:
        """No partner registered it, or anything like it."""
        return self.is_direct and not self.reasons and not self.looks_alike

    @property
    def free(self) -> tuple[FamilyCheck, ...]:
        return tuple(check for check in self.families if check.verdict == Verdict.FREE)

    @property
    def taken(self) -> tuple[FamilyCheck, ...]:
        return tuple(check for check in self.families if check.verdict == Verdict.TAKEN)


WEIGHT = (Verdict.FREE, Verdict.MAY_CONFLICT, Verdict.TAKEN)


class TooManyChecks(Exception):
    """Somebody asked more often than typing a form needs."""


def precheck(
    *,
    name: str,
    website: str,
    tax_id: str,
    country: str,
    own_id: UUID,
    by: Membership,
    today: date,
    partner_id: UUID | None = None,
) -> Precheck:
    """Look for rivals of a customer as typed so far; never says who they are.

    `partner_id` is whom it is for, if not the own firm. Raises `TooManyChecks` beyond the terms' number per minute and
    person, however many partners they ask for, so it is no way to fish.
    """
    _, terms = registration_terms.current(today)
    _count(by, terms.checks_per_minute)
    asked = Registration(
        pk=own_id,
        partner_id=partner_id or by.partner_id,
        customer_name=name,
        customer_website=website,
        customer_tax_id=tax_id,
        customer_country=country,
    )
    asked.stamp_keys()
    if not asked.keys and not asked.customer_name.strip():
        return Precheck(Verdict.FREE, has_keys=False)
    families = list(ProductFamily.objects.filter(is_active=True).order_by("position", "name"))
    ids = frozenset(family.pk for family in families)
    with seeing_all_partners():
        alike = alike_of(asked)
    found = conflicts_of(asked, families=ids, today=today, terms=terms, alike=alike)
    facts: dict[str, Any] = {"families": ids, "today": today, "terms": terms, "at": timezone.now(), "alike": alike}
    is_direct = terms.discloses_direct and engagements.is_engaged(asked, **facts)
    checks = [_family(family, found, discloses_end=terms.discloses_end) for family in families]
    return Precheck(
        verdict=max(conflicts.overall(found), Verdict.MAY_CONFLICT if is_direct else Verdict.FREE, key=WEIGHT.index),
        reasons=tuple(dict.fromkeys(reason for conflict in found for reason in conflict.reasons)),
        families=tuple(checks) if terms.discloses_products else (),
        is_own=any(conflict.is_own for conflict in found),
        looks_alike=any(conflict.likeness for conflict in found),
        is_direct=is_direct,
    )


def _family(family: ProductFamily, found: list[conflicts.Conflict], *, discloses_end: bool) -> FamilyCheck:
    ends = [
        conflict.rival.protected_until
        for conflict in found
        if family.pk in conflict.families
        and conflict.reasons  # what only looks alike may be another company: its end is nobody's business
        and conflict.standing == Standing.PROTECTED
        and conflict.rival.protected_until is not None
    ]
    return FamilyCheck(family, conflicts.verdict_for(family.pk, found), max(ends) if ends and discloses_end else None)


def _count(by: Membership, limit: int) -> None:
    key = f"checks:{by.pk}"
    cache.add(key, 0, timeout=60)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out between the two calls
        count = 1
    if count > limit:
        raise TooManyChecks
