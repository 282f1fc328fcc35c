"""Who comes first among registrations of one customer. For the vendor's people only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from deals.enums import Award, Contested, Criterion
from deals.models import Registration
from deals.queries import cases, facts
from deals.queries import terms as registration_terms
from deals.queries.facts import Seen
from deals.rules import precedence
from deals.rules.conflicts import Conflict, Standing
from deals.rules.precedence import NEVER, Claim, Ranking, Reason
from deals.rules.terms import Terms
from partners.models import Tier
from prm.money import Money
from prm.policies.evaluation import Facts
from prm.tenancy.context import seeing_all_partners

ASKED: Mapping[Criterion, str] = {
    Criterion.LETTER: "customer_letter",
    Criterion.INCUMBENCY: "partner_is_incumbent",
    Criterion.CERTIFICATION: "certified_people",
    Criterion.TIER: "partner_tier",
    Criterion.ACTIVITIES: "activities",
    Criterion.VALUE: "value",
}


@dataclass(frozen=True)
class Ranked:
    """A registration in its place, and why it comes before the next one."""

    registration: Registration
    reason: Reason | None


@dataclass(frozen=True)
class Order:
    """Registrations in the order in which they come."""

    rows: tuple[Ranked, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)

    @property
    def first(self) -> Registration | None:
        return self.rows[0].registration if self.rows else None

    @property
    def why(self) -> Reason | None:
        return self.rows[0].reason if self.rows else None

    def is_first(self, registration: Registration) -> bool:
        """Say whether nobody comes before it."""
        return self.first is None or self.first.pk == registration.pk


def competing(conflicts: Iterable[Conflict]) -> list[UUID]:
    """Return who of some rivals surely wants the same, undecided or protected: of another partner, the same product."""
    return [
        conflict.rival.registration_id
        for conflict in conflicts
        if conflict.families
        and conflict.reasons
        and not conflict.is_own
        and conflict.standing in (Standing.PENDING, Standing.PROTECTED)
    ]


def order_of(rows: Sequence[Registration], *, terms: Terms, at: datetime) -> Order:
    """Return registrations in the order of the terms, as far as they are known now; one alone needs no facts."""
    order = terms.precedence
    known: Mapping[UUID, Facts] = {}
    asked = frozenset(ASKED[criterion] for criterion in order if criterion in ASKED) if len(rows) > 1 else frozenset()
    if asked:
        known = facts.all_facts([Seen(row, at) for row in rows], asked=asked, terms=terms)
    ranks = _ranks() if "partner_tier" in asked else {}
    values = _amounts(known)
    claims = [_claim(row, known.get(row.pk), ranks, values) for row in rows]
    ranking = precedence.rank(claims, order)
    by_id = {row.pk: row for row in rows}
    return Order(tuple(Ranked(by_id[place.claim.registration_id], place.reason) for place in ranking.places), ranking)


def rivals_in_order(registration: Registration, conflicts: Iterable[Conflict], *, terms: Terms, at: datetime) -> Order:
    """Return a registration among those who want the same, in their order; it alone if nobody does."""
    ids = competing(conflicts)
    with seeing_all_partners():
        rivals = list(Registration.objects.filter(pk__in=ids).select_related("partner")) if ids else []
    return order_of([registration, *rivals], terms=terms, at=at)


def order_of_case(rows: Sequence[Registration], *, at: datetime) -> Order:
    """Return those of a conflict case about whom there is something to decide; the terms of the first one count."""
    standing = [row for row in rows if cases.is_standing(row)]
    first = min(standing, key=lambda row: (row.submitted_at or at, row.pk), default=None)
    return order_of(standing, terms=registration_terms.pinned(first.policy), at=at) if first else Order()


def award_for(how: Contested, conflicts: Iterable[Conflict]) -> Award:
    """Return what an approval gives by the rules: beside others, if some surely want the same and the rules want it so.

    Whoever has won has what it wanted.
    """
    others = [
        conflict
        for conflict in conflicts
        if conflict.families and conflict.reasons and not conflict.is_own and conflict.standing != Standing.WON
    ]
    if how == Contested.SHARED and others:
        return Award.SHARED
    return Award.SECOND if how == Contested.SECOND and _blocking(others) else Award.SOLE


def goes_on(
    registration: Registration, conflicts: Sequence[Conflict], how: Contested, *, terms: Terms, at: datetime
) -> bool:
    """Say whether the rules may approve though others are after the customer, all of whom are surely so.

    Nobody goes past an open conflict case, and nobody becomes a co-seller of one who is protected alone, or beside
    another deal of its own: that is for a person.
    """
    if any(not conflict.reasons for conflict in conflicts) or is_in_case(conflicts):
        return False
    match how:
        case Contested.FIRST:
            return comes_first(registration, conflicts, terms=terms, at=at)
        case Contested.SHARED:
            return all(
                conflict.families and not conflict.is_own and conflict.standing in (Standing.PENDING, Standing.BESIDE)
                for conflict in conflicts
            )
        case Contested.SECOND:
            return _blocking(conflicts) and not any(conflict.families and conflict.is_own for conflict in conflicts)
    return False


def is_in_case(conflicts: Iterable[Conflict]) -> bool:
    """Say whether an open conflict case is about one of those who want the same."""
    ids = competing(conflicts)
    with seeing_all_partners():
        return bool(ids) and cases.open_parties().filter(registration__in=ids).exists()


def _blocking(conflicts: Iterable[Conflict]) -> bool:
    return any(conflict.blocks_approval for conflict in conflicts)


def comes_first(registration: Registration, conflicts: Sequence[Conflict], *, terms: Terms, at: datetime) -> bool:
    """Say whether a registration comes before all that it conflicts with, none of whom is protected or only alike."""
    ids = competing(conflicts)
    if len(ids) < len(conflicts) or any(conflict.standing == Standing.PROTECTED for conflict in conflicts):
        return False
    return rivals_in_order(registration, conflicts, terms=terms, at=at).is_first(registration)


def _ranks() -> dict[str, int]:
    return {str(pk): rank for pk, rank in Tier.objects.values_list("pk", "rank")}


def _claim(
    row: Registration, found: Facts | None, ranks: Mapping[str, int], values: Mapping[UUID, Decimal | None]
) -> Claim:
    known: dict[Criterion, Any] = {
        Criterion.SUBMISSION: row.submitted_at,
        Criterion.APPROVAL: row.decided_at if row.is_protected and row.decided_at else NEVER,
    }
    for criterion, name in ASKED.items():
        value = found.values.get(name) if found else None
        if criterion == Criterion.VALUE:
            value = values.get(row.pk)
        elif criterion == Criterion.ACTIVITIES and value is not None:
            value = len(value)
        elif criterion == Criterion.TIER and value is not None:
            value = ranks.get(value, -1)  # no tier is below all
        known[criterion] = value
    return Claim(row.pk, row.number, known)


def _amounts(known: Mapping[UUID, Facts]) -> dict[UUID, Decimal | None]:
    """Return what each is worth in one currency; nothing where there is no amount or no rate for it."""
    worth: dict[UUID, Money] = {pk: found.values["value"] for pk, found in known.items() if found.values.get("value")}
    targets = _targets(worth.values(), known.values())
    for target in targets:
        amounts = {pk: _in(target, money, known[pk]) for pk, money in worth.items()}
        if all(amount is not None for amount in amounts.values()):
            return amounts
    return {}


def _targets(worth: Iterable[Money], known: Collection[Facts]) -> list[str]:
    """Return in which currencies all could be told: their own, and those that there are rates for."""
    rated = {target for found in known for _source, target in found.rates}
    return sorted({money.currency for money in worth}) + sorted(rated)


def _in(currency: str, money: Money, found: Facts) -> Decimal | None:
    if money.currency == currency:
        return money.amount
    rate = found.rates.get((money.currency, currency))
    return money.amount * rate.rate if rate else None
