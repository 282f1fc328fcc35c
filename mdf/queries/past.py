"""Past requests and claims under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from typing import Any

from mdf.models import Claim, FundRequest
from mdf.queries import claim_facts, claims, facts
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA, CLAIM
from prm.policies import courses, looking_back
from prm.policies.courses import Course
from prm.policies.evaluation import Facts
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet


def _outcome(row: FundRequest, rules: RuleSet | None, known: Facts) -> Outcome:
    return courses.outcome(rules, known, usual_days=fund_terms.pinned(row.policy).decision_business_days)


def _told(row: FundRequest) -> dict[str, Any]:
    return {"title": f"{row.number} {row.title}", "detail": row.partner.name, "value": row.asked}


def _of_claim(row: Claim, rules: RuleSet | None, known: Facts) -> Outcome:
    """Return what rules make of a claim; what is not covered, or was used before, they leave to a person."""
    usual = fund_terms.pinned(row.policy).decision_business_days
    found = courses.outcome(rules, known, usual_days=usual)
    is_contested = found.effects["decision"] == Course.APPROVE and claim_facts.is_contested(
        claims.known(row, row.submitted_at)  # type: ignore[arg-type]
    )
    return Outcome({"decision": Course.PERSON.value}, found.rules) if is_contested else found


CLAIMS = looking_back.past(
    CLAIM,
    page="mdf:claim",
    rows=lambda: Claim.objects.select_related("partner", "policy", "request__activity_type"),
    dated_by="submitted_at",
    known=lambda row, at, asked: claim_facts.facts_of(row, at=at, asked=asked),
    outcome=_of_claim,
    told=lambda row: {"title": f"{row.number} {row.request.title}", "detail": row.partner.name, "value": row.asked},
)
REQUESTS = looking_back.past(
    AREA,
    page="mdf:request",
    rows=lambda: FundRequest.objects.select_related("partner", "policy", "allocation"),
    dated_by="submitted_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)
