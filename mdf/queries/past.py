"""Past requests and claims under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.models import Claim, FundRequest
from mdf.queries import claim_facts, claims, facts
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA, CLAIM
from mdf.rules.terms import Terms
from prm.choices import TextChoices
from prm.policies import courses, following, looking_back
from prm.policies.courses import Course
from prm.policies.evaluation import Facts
from prm.policies.fields import Effect, Field, Kind
from prm.policies.models import CourseTaken
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet


def _outcome(row: FundRequest, rules: RuleSet | None, known: Facts) -> Outcome:
    usual = fund_terms.pinned(row.policy).decision_business_days
    return courses.outcome(rules, known, usual_days=usual, at_stake=row.asked)


def _told(row: FundRequest) -> dict[str, Any]:
    return {"title": f"{row.number} {row.title}", "detail": row.partner.name, "value": row.asked}


def _told_of_claim(row: Claim) -> dict[str, Any]:
    return {"title": f"{row.number} {row.request.title}", "detail": row.partner.name, "value": row.asked}


def _of_claim(row: Claim, rules: RuleSet | None, known: Facts) -> Outcome:
    """Return what rules make of a claim; what is not covered, or was used before, they leave to a person."""
    usual = fund_terms.pinned(row.policy).decision_business_days
    found = courses.outcome(rules, known, usual_days=usual, at_stake=row.asked)
    is_contested = found.effects["decision"] == Course.APPROVE and claim_facts.is_contested(
        claims.known(row, row.submitted_at)  # type: ignore[arg-type]
    )
    return Outcome({"decision": Course.PERSON.value}, found.rules) if is_contested else found


def _claims() -> QuerySet:
    return Claim.objects.select_related("partner", "policy", "request__activity_type")


def _requests() -> QuerySet:
    return FundRequest.objects.select_related("partner", "policy", "allocation")


CLAIMS = looking_back.past(
    CLAIM,
    page="mdf:claim",
    rows=_claims,
    dated_by="submitted_at",
    known=lambda row, at, asked: claim_facts.facts_of(row, at=at, asked=asked),
    outcome=_of_claim,
    told=_told_of_claim,
)
REQUESTS = looking_back.past(
    AREA,
    page="mdf:request",
    rows=_requests,
    dated_by="submitted_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)


# -- the same under other terms ----------------------------------------------------------------------------
class Agreeing(TextChoices):
    """Who has to agree to a request or a claim."""

    NOBODY = "nobody", _("Nobody: the rules decide")
    ONE = "one", _("One person")
    TWO = "two", _("Two people")
    THREE = "three", _("Two people and finance")
    RULES = "rules", _("Those whom the rules name")


def _effects() -> tuple[Effect, ...]:
    agreeing = Field("agreeing", _("who has to agree"), Kind.CHOICE, choices=courses.choices_of(Agreeing))
    payment = Field("payment_days", _("payment within"), Kind.NUMBER, unit=_("days"), is_whole=True)
    return Effect(agreeing), courses.promised_days(), Effect(payment)


def _under(row: FundRequest | Claim, terms: Terms) -> Outcome:
    """Return what terms make of a past record; what the rules of its day said stays."""
    taken = following.latest(row)
    said = taken.effects if taken else {}
    found: dict[str, Any] = {"agreeing": _agreeing(row, terms, taken)}
    if found["agreeing"] != Agreeing.NOBODY and not {"promise_days", "promise_hours"} & said.keys():
        found["promise_days"] = str(terms.decision_business_days)
    if isinstance(row, Claim):
        found["payment_days"] = str(terms.payment_days)
    return Outcome(found)


def _agreeing(row: FundRequest | Claim, terms: Terms, taken: CourseTaken | None) -> str:
    if taken and taken.course != Course.PERSON:
        return Agreeing.NOBODY.value
    if taken and taken.effects.get("steps"):
        return Agreeing.RULES.value
    needed = terms.approvals_needed(row.asked.amount) if row.asked else 1
    return (Agreeing.ONE, Agreeing.TWO, Agreeing.THREE)[needed - 1].value


TERMS = looking_back.together(
    *(
        looking_back.of_terms(
            page=page,
            rows=rows,
            dated_by="submitted_at",
            terms=Terms.from_body,
            outcome=_under,
            told=told,
            effects=_effects,
            without=_(
                "Notice, share and days to claim are those of each fund: terms only suggest them for a new one. Times "
                "to answer, to appeal, to extend and for a first claim, and reminders, change no decision."
            ),
        )
        for page, rows, told in (("mdf:request", _requests, _told), ("mdf:claim", _claims, _told_of_claim))
    )
)
