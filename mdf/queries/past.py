"""Past requests under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from typing import Any

from mdf.models import FundRequest
from mdf.queries import facts
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA
from prm.policies import courses, looking_back
from prm.policies.evaluation import Facts
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet


def _outcome(row: FundRequest, rules: RuleSet | None, known: Facts) -> Outcome:
    return courses.outcome(rules, known, usual_days=fund_terms.pinned(row.policy).decision_business_days)


def _told(row: FundRequest) -> dict[str, Any]:
    return {"title": f"{row.number} {row.title}", "detail": row.partner.name, "value": row.asked}


REQUESTS = looking_back.past(
    AREA,
    page="mdf:request",
    rows=lambda: FundRequest.objects.select_related("partner", "policy", "allocation"),
    dated_by="submitted_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)
