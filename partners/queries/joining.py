"""The terms for becoming a partner, and the companies that an applicant may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from partners.enums import SameFact
from partners.models import Application, Partner
from partners.rules import duplicates
from partners.rules.duplicates import Company
from partners.rules.joining import AREA, Terms
from prm import companies
from prm.accounts.models import Membership
from prm.policies import versions
from prm.policies.models import PolicyVersion

AT_MOST = 50


def current(on: date) -> tuple[PolicyVersion, Terms]:
    """Return the version in force on a day, and its terms."""
    version = versions.in_force(AREA, on)
    return version, Terms.from_body(version.body)


def pinned(application: Application) -> Terms:
    """Return the terms an application was started under."""
    return Terms.from_body(application.policy.body)


@dataclass(frozen=True)
class Match:
    """A partner, or another open application, that may be the same company, and what both have in common."""

    facts: tuple[SameFact, ...]
    partner: Partner | None = None
    application: Application | None = None

    @property
    def is_certain(self) -> bool:
        return duplicates.is_certain(self.facts)

    @property
    def name(self) -> str:
        if self.partner:
            return self.partner.name
        return self.application.company_name if self.application else ""


def matches_of(company: Company, *, without: UUID | None = None) -> list[Match]:
    """Return the partners and open applications that may be this company, the surest first."""
    found = [*_partners(company), *_applications(company, without)]
    order = list(SameFact)
    return sorted(found, key=lambda match: (order.index(match.facts[0]), -len(match.facts), match.name))


def _partners(company: Company) -> Iterable[Match]:
    by_people = _firms_with_mail_at(company.email_domains | ({company.domain_key} - {""}))
    rows = Partner.objects.filter(_same(company) | Q(pk__in=by_people)).order_by("name", "id")
    for partner in rows[:AT_MOST]:
        domains = by_people.get(partner.pk, frozenset())
        theirs = Company(partner.name_key, partner.domain_key, partner.tax_key, domains)
        if facts := duplicates.in_common(company, theirs):
            yield Match(facts, partner=partner)


def _applications(company: Company, without: UUID | None) -> Iterable[Match]:
    same = _same(company)
    for domain in company.email_domains | ({company.domain_key} - {""}):
        same |= Q(email_key=domain)
    rows: QuerySet[Application] = Application.objects.open().filter(same).exclude(pk=without)
    for application in rows.order_by("submitted_at", "id")[:AT_MOST]:
        if facts := duplicates.in_common(company, application.company):
            yield Match(facts, application=application)


def _same(company: Company) -> Q:
    """The condition that a row's own keys are among the company's; never true for a company without keys."""
    same = Q(pk__in=[])
    if company.tax_key:
        same |= Q(tax_key=company.tax_key)
    for domain in company.email_domains | ({company.domain_key} - {""}):
        same |= Q(domain_key=domain)
    if company.name_key:
        same |= Q(name_key=company.name_key)
    return same


def _firms_with_mail_at(domains: Iterable[str]) -> dict[UUID, frozenset[str]]:
    """Return the partners whose people have mail at one of these domains or below, and at which."""
    wanted = {domain for domain in domains if domain and not companies.is_free_mail(domain)}
    if not wanted:
        return {}
    at = Q(pk__in=[])
    for domain in wanted:
        at |= Q(user__email__endswith=f"@{domain}") | Q(user__email__endswith=f".{domain}")
    members = Membership.objects.filter(at, partner_id__isnull=False).values_list("partner_id", "user__email")
    found: dict[UUID, frozenset[str]] = {}
    for partner_id, email in members:
        found[partner_id] = found.get(partner_id, frozenset()) | {companies.email_domain(email)}
    return found
