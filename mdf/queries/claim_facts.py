"""What is known of claims, as their rules and the conditions of their custom fields ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from deals.queries import known as known_sales
from mdf.enums import ClaimStatus
from mdf.models import Claim, FundRequest
from mdf.queries import claims, facts, rules
from mdf.queries import terms as fund_terms
from mdf.queries.claims import Known
from mdf.rules import catalogue
from mdf.rules.catalogue import CLAIM
from mdf.rules.preflight import Check
from partners.models import Partner
from partners.queries import known as known_partner
from partners.queries import rates
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.money import Money
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue
from prm.policies.periods import Span
from prm.tenancy.context import seeing_all_partners


def catalogue_for_everybody() -> Catalogue:
    """Return what partners may learn of a claim, all but custom fields."""
    return catalogue.of_claims(rules.offer({}))


def is_contested(known: Known) -> bool:
    """Say whether a claim is for a person whatever rules say: something was used before, or is not covered."""
    checks = {finding.check for finding in known.assessment.flags}
    is_repeated = bool(checks & {Check.SAME_FILE, Check.SAME_INVOICE})
    return is_repeated or known.assessment.recommended != known.asked or not known.assessment.recommended.amount


def facts_of(claim: Claim, *, at: datetime, asked: frozenset[str], known: Known | None = None) -> Facts:
    """Return what is known of a claim at a moment, as far as its rules ask for it."""
    today = fund_terms.today_of_vendor(at)
    if not asked:
        return Facts({}, today)
    with seeing_all_partners():
        seen = _Seen(claim, known or claims.known(claim, at), at, today)

        def gather(names: frozenset[str]) -> dict[UUID, Facts]:
            values = {name: find(seen) for name, find in FINDERS.items() if name in names}
            values |= known_partner.of_partner(claim.partner, today, names)
            table = rates.on(today) if names & MONEY else {}
            return {claim.pk: Facts(values, today, calendars.default(), table)}

        return custom_fields.gathered(CLAIM, [claim], asked, at, gather)[claim.pk]


@dataclass(frozen=True)
class _Seen:
    claim: Claim
    known: Known
    at: datetime
    today: date

    def lines(self) -> list[dict[str, Any]]:
        invoices = {line.pk: line.invoice_on for line in self.known.lines}
        return [
            {
                "what": row.line.what,
                "cost": row.line.cost,
                "asked": row.asked,
                "covered": row.share,
                "planned": row.plan.planned if row.plan else None,
                "is_planned": row.plan is not None,
                "invoice_on": invoices.get(row.line.id),
            }
            for row in self.known.assessment.lines
        ]

    def over_plan(self) -> Money:
        same = [row.over for row in self.known.assessment.lines if row.line.cost.currency == self.claim.currency]
        return sum(same, Money(Decimal(0), self.claim.currency))

    def proof_is_whole(self) -> bool:
        kinds, terms = {proof.kind for proof in self.known.claimed.proofs}, self.known.terms
        return kinds.issuperset(terms.proofs_all) and (not terms.proofs_any or bool(kinds & set(terms.proofs_any)))

    def is_first(self) -> bool:
        rows = Claim.objects.filter(partner=self.claim.partner_id, submitted_at__lt=self.at).exclude(pk=self.claim.pk)
        return not rows.exclude(status=ClaimStatus.WITHDRAWN).exists()


FINDERS: Mapping[str, Callable[[_Seen], Any]] = {
    "asked": lambda seen: seen.claim.asked,
    "cost": lambda seen: seen.claim.cost,
    "fund": lambda seen: str(seen.claim.fund_id),
    "activity_type": lambda seen: (
        str(seen.claim.request.activity_type_id) if seen.claim.request.activity_type_id else None
    ),
    "settled_on": lambda seen: seen.claim.settled_on,
    "is_final": lambda seen: seen.claim.is_final,
    "recommended": lambda seen: seen.known.assessment.recommended,
    "promised": lambda seen: seen.claim.request.approved,
    "over_plan": _Seen.over_plan,
    "since_end": lambda seen: Span(seen.known.terms.ends_on, seen.today),
    "left": lambda seen: Span(seen.today, seen.known.terms.claim_by),
    "findings": lambda seen: frozenset(finding.check.value for finding in seen.known.assessment.flags),
    "flags": lambda seen: Decimal(len(seen.known.assessment.flags)),
    "proofs": lambda seen: frozenset(proof.kind.value for proof in seen.known.claimed.proofs),
    "proof_is_whole": _Seen.proof_is_whole,
    "files": lambda seen: Decimal(len(seen.known.proofs)),
    "leads_won": lambda seen: None if seen.claim.leads_won is None else Decimal(seen.claim.leads_won),
    "is_first": _Seen.is_first,
    "lines": _Seen.lines,
    "claims": lambda seen: facts.claims_before(seen.claim.partner_id, seen.at, but=seen.claim.pk),
    "sales": lambda seen: known_sales.sales(seen.claim.partner_id, seen.today),
}
MONEY = frozenset({"asked", "cost", "recommended", "promised", "over_plan", "lines", "claims", "sales"})


def of_claims(rows: Sequence[Claim], asked: frozenset[str], at: datetime) -> Mapping[UUID, Facts]:
    """Return what is known of claims, as far as `asked` names it."""
    today = fund_terms.today_of_vendor(at)

    def gather(names: frozenset[str]) -> dict[UUID, Facts]:
        table = rates.on(today) if names & {"asked", "cost"} else {}
        kinds = dict(
            FundRequest.objects.filter(pk__in={row.request_id for row in rows}).values_list("pk", "activity_type_id")
        )
        partners = Partner.objects.in_bulk({row.partner_id for row in rows})
        return {
            row.pk: Facts(
                {
                    "asked": row.asked,
                    "cost": row.cost,
                    "fund": str(row.fund_id),
                    "activity_type": str(kinds[row.request_id]) if kinds.get(row.request_id) else None,
                    "settled_on": row.settled_on,
                    "is_final": row.is_final,
                    "partner_type": partners[row.partner_id].type,
                    "partner_country": partners[row.partner_id].country,
                },
                today,
                rates=table,
            )
            for row in rows
        }

    return custom_fields.gathered(CLAIM, rows, asked, at, gather)
