"""What speaks for and against an applicant before anybody reads its answers: findings as data, problems first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from partners.enums import PartnerType, SameFact
from partners.rules.duplicates import is_certain


class Condition(StrEnum):
    """What is looked at."""

    IS_NEW = "is_new"
    IS_NO_RIVAL = "is_no_rival"
    HAS_COMPANY_MAIL = "has_company_mail"
    MAIL_FITS_WEBSITE = "mail_fits_website"
    TAX_ID_IS_VALID = "tax_id_is_valid"
    TYPE_FITS = "type_fits"


BAD, WARN, OK = "bad", "warn", "ok"
ORDER = (BAD, WARN, OK)


@dataclass(frozen=True)
class Finding:
    """Whether a condition holds; its tone says how much it weighs where it does not."""

    condition: Condition
    holds: bool
    tone: str
    value: str = ""


@dataclass(frozen=True)
class Applicant:
    """What the checks look at."""

    email_domain: str
    website_domain: str
    has_free_mail: bool
    is_rival: bool
    tax_id: str
    is_tax_id_valid: bool | None
    type: PartnerType
    type_by_answers: PartnerType | None
    in_common: Sequence[tuple[SameFact, ...]] = ()


def look_at(applicant: Applicant) -> list[Finding]:
    """Return the findings, problems first."""
    found = [
        _is_new(applicant),
        Finding(
            Condition.IS_NO_RIVAL,
            not applicant.is_rival,
            BAD if applicant.is_rival else OK,
            applicant.website_domain,
        ),
        _mail(applicant),
        _tax_id(applicant),
        _type(applicant),
    ]
    return sorted((finding for finding in found if finding), key=lambda finding: ORDER.index(finding.tone))


def _is_new(applicant: Applicant) -> Finding:
    tone = OK
    if applicant.in_common:
        tone = BAD if any(is_certain(facts) for facts in applicant.in_common) else WARN
    return Finding(Condition.IS_NEW, not applicant.in_common, tone, str(len(applicant.in_common)))


def _mail(applicant: Applicant) -> Finding:
    """Say of the address that anybody can have it, that it belongs elsewhere, or that it is the company's."""
    domain = applicant.email_domain
    if applicant.has_free_mail:
        return Finding(Condition.HAS_COMPANY_MAIL, False, WARN, domain)
    is_own = bool(domain) and domain == applicant.website_domain
    return Finding(Condition.MAIL_FITS_WEBSITE, is_own, OK if is_own else WARN, domain)


def _tax_id(applicant: Applicant) -> Finding:
    """Say of the tax number that it can exist, that none was given, or that nobody here can tell."""
    is_valid = bool(applicant.tax_id) and applicant.is_tax_id_valid is True
    return Finding(Condition.TAX_ID_IS_VALID, is_valid, OK if is_valid else WARN, applicant.tax_id)


def _type(applicant: Applicant) -> Finding | None:
    if applicant.type_by_answers is None:
        return None
    fits = applicant.type_by_answers == applicant.type
    return Finding(Condition.TYPE_FITS, fits, OK if fits else WARN, applicant.type_by_answers.value)
