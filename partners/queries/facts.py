"""What is known of partners and applications, as rules and the conditions of their custom fields ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from partners.models import Application, Partner, Tier, TierMembership
from partners.queries import applications
from partners.queries.days import today_of_vendor
from partners.rules import catalogue
from partners.rules.catalogue import APPLICATION, NO_TIER, PARTNER, Choices
from prm import companies
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


def facts_of(application: Application, *, at: datetime, asked: frozenset[str]) -> Facts:
    """Return what is known of an application at a moment, as far as its rules ask for it."""
    today = today_of_vendor(at)
    if not asked:
        return Facts({}, today)

    def gather(names: frozenset[str]) -> dict[UUID, Facts]:
        known = _of_application(application, today) if names else {}
        return {application.pk: Facts({name: known[name] for name in known if name in names}, today)}

    return custom_fields.gathered(APPLICATION, [application], asked, at, gather)[application.pk]


def is_contested(application: Application, today: date) -> bool:
    """Say whether it is for a person whatever rules say: it may be somebody who is known, or is a competitor."""
    dossier = applications.dossier_of(application, today)
    return bool(dossier.matches) or dossier.is_rival


def _of_application(row: Application, today: date) -> dict[str, Any]:
    dossier = applications.dossier_of(row, today)
    domain = companies.email_domain(row.contact_email)
    return {
        "type": row.type,
        "country": row.country or None,
        "company_name": row.company_name,
        "website": row.domain_key,
        "score": Decimal(row.score),
        "score_percent": Decimal(dossier.score.percent),
        "tier": str(dossier.suggested_tier.pk) if dossier.suggested_tier else None,
        "type_by_answers": dossier.suggested_type.value,
        "has_free_mail": row.has_free_mail,
        "mail_fits": bool(domain) and domain == row.domain_key,
        "is_rival": dossier.is_rival,
        "tax_id_is_valid": companies.tax_id_is_valid(row.tax_id, row.country) if row.tax_id else None,
        "duplicates": Decimal(len(dossier.matches)),
        "is_known": dossier.known_partner is not None,
        "answers": [_answer(code, reply) for code, reply in row.answers.items()],
    }


def _answer(code: str, reply: Any) -> dict[str, Any]:
    is_number = isinstance(reply, int) and not isinstance(reply, bool)
    return {
        "question": code,
        "text": reply if isinstance(reply, str) else None,
        "number": Decimal(reply) if is_number else None,
        "is_yes": reply if isinstance(reply, bool) else None,
    }


def of_applications(rows: Sequence[Application], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of applications, as far as they are typed."""
    today = today_of_vendor(at)

    def gather(names: frozenset[str]) -> dict[UUID, Facts]:
        return {row.pk: Facts({"type": row.type, "country": row.country or None}, today) for row in rows}

    return custom_fields.gathered(APPLICATION, rows, asked, at, gather)


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
