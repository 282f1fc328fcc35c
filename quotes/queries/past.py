"""Past quotes under two versions of the rules, each as it was on the day when the vendor first saw it."""

from __future__ import annotations

from typing import Any

from prm.policies import courses, looking_back
from prm.policies.courses import Because, Course
from prm.policies.evaluation import Facts
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet
from quotes.models import QuoteRevision
from quotes.queries import approvals as queries
from quotes.queries import facts, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals
from quotes.rules.catalogue import AREA


def _outcome(row: QuoteRevision, rules: RuleSet | None, known: Facts) -> Outcome:
    """Return what rules make of a quote; where none of them says anything, the ladder may ask for nobody."""
    ruled = courses.judge(rules, known) if rules else courses.unreadable()
    if ruled.course == Course.PERSON and ruled.because != Because.UNCERTAIN and not ruled.rules:
        terms, lines = quote_terms.pinned(row.policy), pricing.lines_of(row.pk)
        if not approvals.steps(queries.ladder_lines(row, lines), terms):
            return Outcome({"decision": Course.APPROVE.value})
    return courses.outcome(rules, known, usual_days=quote_terms.pinned(row.policy).decision_business_days)


def _told(row: QuoteRevision) -> dict[str, Any]:
    return {"title": str(row.quote), "detail": row.quote.partner.name, "value": row.net}


QUOTES = looking_back.past(
    AREA,
    page="quotes:inbox-item",
    rows=lambda: QuoteRevision.objects.select_related("quote__partner", "quote__registration", "policy"),
    dated_by="sent_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)
