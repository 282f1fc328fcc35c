"""Rivals of a registration, looked up by exact keys across all partners of the vendor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from deals.enums import KeyKind, ProtectionState, Review, Stage
from deals.models import Registration, RegistrationLine
from deals.queries import terms as registration_terms
from deals.rules import conflicts
from deals.rules.conflicts import Conflict, Contender
from deals.rules.terms import Terms
from prm.tenancy.context import seeing_all_partners

COMPETING = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED, Review.APPROVED)


def conflicts_of(registration: Registration, *, families: Iterable[UUID], today: date, terms: Terms) -> list[Conflict]:
    """Return the conflicts of a registration as it stands, seeing all partners; callers decide what to disclose."""
    contender = contender_of(registration, frozenset(families))
    with seeing_all_partners():
        rivals = list(_candidates(contender))
        lines = families_by_registration([rival.pk for rival in rivals])
    others = [contender_of(rival, lines.get(rival.pk, frozenset())) for rival in rivals]
    return conflicts.find(contender, others, today=today, look_back_days=terms.look_back_days)


def is_contested(registration: Registration, at: datetime) -> bool:
    """Say whether anybody else is after the customer, whatever for."""
    families = RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True)
    today, terms = registration_terms.today_of_vendor(at), registration_terms.pinned(registration.policy)
    return bool(conflicts_of(registration, families=families, today=today, terms=terms))


def contender_of(registration: Registration, families: frozenset[UUID]) -> Contender:
    """Return what the rule needs to know of a registration."""
    return Contender(
        registration_id=registration.pk,
        partner_id=registration.partner_id,
        keys=registration.keys,
        families=families,
        review=Review(registration.review),
        protection=ProtectionState(registration.protection),
        stage=Stage(registration.stage),
        submitted_on=registration.submitted_at.date() if registration.submitted_at else None,
        protected_until=registration.protected_until,
        closed_on=registration.closed_on,
        customer_id=registration.customer_id,
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
    return Registration.objects.filter(same, review__in=COMPETING).exclude(pk=contender.registration_id)[:200]
