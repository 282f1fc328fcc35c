"""Rivals of a registration across all partners of the vendor: by exact keys, and by customers that look alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from deals.enums import KeyKind, ProtectionState, Review, Stage
from deals.models import CustomerLikeness, Registration, RegistrationLine
from deals.queries import engagements, matching
from deals.queries import terms as registration_terms
from deals.rules import conflicts
from deals.rules.conflicts import Conflict, Contender
from deals.rules.matching.classes import Class, Likeness
from deals.rules.terms import Terms
from prm.clocks.hours import day_of
from prm.tenancy.context import seeing_all_partners

COMPETING = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED, Review.APPROVED)


def conflicts_of(
    registration: Registration,
    *,
    families: Iterable[UUID],
    today: date,
    terms: Terms,
    alike: Mapping[UUID, Likeness] | None = None,
    zone: str = "",
) -> list[Conflict]:
    """Return the conflicts of a registration as it stands, seeing all partners; callers decide what to disclose.

    `alike` are the customers that look like its own, if the caller has looked for them, and `zone` is the vendor's.
    """
    zone = zone or registration_terms.zone_of_vendor()
    contender = contender_of(registration, frozenset(families), zone)
    with seeing_all_partners():
        alike = alike_of(registration) if alike is None else alike
        rivals = [*_candidates(contender), *_candidates_alike(contender, alike)]
        lines = families_by_registration([rival.pk for rival in rivals])
    others = [contender_of(rival, lines.get(rival.pk, frozenset()), zone) for rival in rivals]
    return conflicts.find(contender, others, today=today, look_back_days=terms.look_back_days, alike=alike)


def alike_of(registration: Registration) -> dict[UUID, Likeness]:
    """Return the customers that look like a registration's: as kept, or looked for when it has no customer yet."""
    if registration.customer_id is None:
        found = {match.customer.pk: match.likeness for match in matching.matches(registration.facts)}
        return {pk: likeness for pk, likeness in found.items() if likeness.may_be_same}
    return kept_alike([registration.customer_id])[registration.customer_id]


def kept_alike(customers: Iterable[UUID]) -> dict[UUID, dict[UUID, Likeness]]:
    """Return for each customer the others that may be the same, in one query; not those that a person told apart."""
    found: dict[UUID, dict[UUID, Likeness]] = {customer: {} for customer in customers}
    either = Q(one__in=found) | Q(other__in=found)
    for row in likely().filter(either):
        for mine, theirs in ((row.one_id, row.other_id), (row.other_id, row.one_id)):
            if mine in found:
                found[mine][theirs] = row.of(mine)
    return found


def likely() -> QuerySet[CustomerLikeness]:
    """Return the likenesses of what may be one company, but for those that a person told apart."""
    return CustomerLikeness.objects.filter(kind__in=(Class.SAME, Class.MAY_BE_SAME), told_apart_at=None)


def is_contested(registration: Registration, at: datetime) -> bool:
    """Say whether anybody else is after the customer, whatever for, or the vendor itself for the same."""
    families = frozenset(RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True))
    today, terms = registration_terms.today_of_vendor(at), registration_terms.pinned(registration.policy)
    facts: dict[str, Any] = {"families": families, "today": today, "terms": terms}
    with seeing_all_partners():
        facts["alike"] = alike_of(registration)
    return bool(conflicts_of(registration, **facts)) or engagements.is_engaged(registration, **facts, at=at)


def contender_of(registration: Registration, families: frozenset[UUID], zone: str) -> Contender:
    """Return what the rule needs to know of a registration, its days in the vendor's time zone."""
    return Contender(
        registration_id=registration.pk,
        partner_id=registration.partner_id,
        keys=registration.keys,
        families=families,
        review=Review(registration.review),
        protection=ProtectionState(registration.protection),
        stage=Stage(registration.stage),
        submitted_on=day_of(registration.submitted_at, zone) if registration.submitted_at else None,
        protected_until=registration.protected_until,
        closed_on=registration.closed_on,
        customer_id=registration.customer_id,
        is_beside=registration.is_beside,
    )


def families_by_registration(ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the product families of each registration."""
    found: dict[UUID, set[UUID]] = {}
    for registration_id, family_id in RegistrationLine.objects.filter(registration__in=list(ids)).values_list(
        "registration_id", "family_id"
    ):
        found.setdefault(registration_id, set()).add(family_id)
    return {registration_id: frozenset(families) for registration_id, families in found.items()}


def _candidates(contender: Contender) -> Iterable[Registration]:
    columns = {KeyKind.TAX_ID: "tax_key", KeyKind.DOMAIN: "domain_key", KeyKind.NAME: "name_key"}
    same = Q(customer_id=contender.customer_id) if contender.customer_id else Q(pk__in=[])
    for kind, value in contender.keys.items():
        same |= Q(**{columns[kind]: value})
    return _competing(Registration.objects.filter(same), contender)


def _candidates_alike(contender: Contender, alike: Collection[UUID]) -> Iterable[Registration]:
    """Return the registrations of customers that only look alike, which never push out those of the same customer."""
    if not alike:
        return []
    rows = _competing(Registration.objects.filter(customer__in=alike), contender)
    return [row for row in rows if not any(row.keys.get(kind) == value for kind, value in contender.keys.items())]


def _competing(rows: QuerySet[Registration], contender: Contender) -> QuerySet[Registration]:
    latest_first = (F("protected_until").desc(nulls_last=True), F("submitted_at").desc(nulls_last=True))
    return rows.filter(review__in=COMPETING).exclude(pk=contender.registration_id).order_by(*latest_first)[:200]
