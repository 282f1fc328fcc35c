"""Whether two companies are one: what they have in common, as data a template turns into a sentence."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from partners.enums import SameFact

CERTAIN = (SameFact.TAX_ID, SameFact.WEBSITE, SameFact.EMAIL)


@dataclass(frozen=True)
class Company:
    """The normalised keys of a company; `email_domains` are those of its people, without free mail."""

    name_key: str = ""
    domain_key: str = ""
    tax_key: str = ""
    email_domains: Set[str] = frozenset()


def in_common(one: Company, other: Company) -> tuple[SameFact, ...]:
    """Return what two companies share, the strongest first; nothing if they share nothing."""
    shared = {
        SameFact.TAX_ID: bool(one.tax_key) and one.tax_key == other.tax_key,
        SameFact.WEBSITE: bool(one.domain_key) and one.domain_key == other.domain_key,
        SameFact.EMAIL: bool(_mail(one) & _domains(other) or _mail(other) & _domains(one)),
        SameFact.NAME: bool(one.name_key) and one.name_key == other.name_key,
    }
    return tuple(fact for fact, is_same in shared.items() if is_same)


def is_certain(facts: tuple[SameFact, ...]) -> bool:
    """Say whether this settles it; a name alone is for a person to judge."""
    return any(fact in CERTAIN for fact in facts)


def _mail(company: Company) -> set[str]:
    return {domain for domain in company.email_domains if domain}


def _domains(company: Company) -> set[str]:
    return _mail(company) | ({company.domain_key} if company.domain_key else set())
