"""Past applications under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from typing import Any

from partners.models import Application
from partners.queries import facts, joining
from partners.rules.catalogue import APPLICATION
from prm.policies import courses, looking_back
from prm.policies.evaluation import Facts
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet


def _outcome(row: Application, rules: RuleSet | None, known: Facts) -> Outcome:
    return courses.outcome(rules, known, usual_days=joining.pinned(row).decision_business_days)


def _told(row: Application) -> dict[str, Any]:
    return {"title": str(row), "detail": row.get_type_display(), "value": None}


APPLICATIONS = looking_back.past(
    APPLICATION,
    page="partners:application",
    rows=lambda: Application.objects.sent().select_related("policy"),
    dated_by="submitted_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)
