"""The types of registrations, and what rules give for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import override

from deals.enums import Course, DealType
from deals.models import Registration, RegistrationType
from deals.models.types import SUMMARIES
from deals.queries import facts
from deals.queries import terms as registration_terms
from deals.queries.facts import Seen
from deals.rules import engagement
from partners.models import Partner
from prm.policies import following
from prm.tenancy.fields import uuid7

# What is known before a word is typed: the type, and the partner.
KNOWN_BEFORE = frozenset(
    {
        "type",
        "partner_type",
        "partner_status",
        "partner_tier",
        "partner_country",
        "partner_regions",
        "partner_since",
        "has_distributor",
        "agreements",
        "certified_people",
        "certificates",
        "submitted_on",
    }
)


def defaults() -> list[RegistrationType]:
    """Return the types that the product comes with, in the words that its catalogues translate."""
    with override(None):
        return [
            RegistrationType(code=found.value, name=str(found.label), summary=str(SUMMARIES[found]), position=number)
            for number, found in enumerate(DealType, start=1)
        ]


def all_types() -> list[RegistrationType]:
    """Return all types in their order, also those that are switched off."""
    return list(RegistrationType.objects.order_by("position", "code")) or defaults()


def offered(*, current: str = "") -> list[RegistrationType]:
    """Return the types that can be chosen, and the one that a registration has."""
    return [found for found in all_types() if found.is_active or found.code == current]


def choices() -> list[tuple[str, str]]:
    """Return code and name of each type."""
    return [(found.code, found.label) for found in all_types()]


def label_of(code: str) -> str:
    """Return the name of a type, its code if there is none any more."""
    return dict(choices()).get(code, code)


@dataclass(frozen=True)
class Worth:
    """What an approved registration of a type gets, whatever else stands in it; nothing where the rules refuse it."""

    days: int
    discount: Decimal | None
    is_refused: bool = False


def worth_of(partner: Partner, found: Sequence[RegistrationType], at: datetime) -> Mapping[str, Worth]:
    """Return what the rules give each type for a partner, as far as nothing that is yet to be said can change it."""
    today = registration_terms.today_of_vendor(at)
    version, terms = registration_terms.current(today)
    rules = following.rules_in(version)
    if rules is None or not rules.rules:
        return {}
    rows = [
        Registration(pk=uuid7(), partner=partner, type=each.code, partner_path=partner.partner_path) for each in found
    ]
    asked = engagement.asked(rules) & KNOWN_BEFORE
    known = facts.all_facts([Seen(row, at) for row in rows], asked=asked, terms=terms)
    worth = {}
    for row in rows:
        ruled = engagement.judge(rules, known[row.pk], is_contested=False)
        if ruled.decision is None or not ruled.decision.is_certain:
            continue
        stipulated = engagement.Stipulated(terms, ruled.effects)
        days = registration_terms.granted(partner, stipulated, today, today).days
        worth[row.type] = Worth(days, stipulated.discount, is_refused=ruled.course == Course.REFUSE)
    return worth
