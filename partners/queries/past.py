"""Past applications under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerType
from partners.models import Application
from partners.queries import facts, joining
from partners.queries.partners import tiers
from partners.rules import questionnaires
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import Terms
from prm import companies
from prm.policies import courses, following, looking_back
from prm.policies.evaluation import Facts
from prm.policies.fields import Choice, Effect, Field, Kind
from prm.policies.past import Outcome
from prm.policies.rulesets import RuleSet


def _outcome(row: Application, rules: RuleSet | None, known: Facts) -> Outcome:
    return courses.outcome(rules, known, usual_days=joining.pinned(row).decision_business_days)


def _told(row: Application) -> dict[str, Any]:
    return {"title": str(row), "detail": row.get_type_display(), "value": None}


def _rows() -> QuerySet:
    return Application.objects.sent().select_related("policy")


APPLICATIONS = looking_back.past(
    APPLICATION,
    page="partners:application",
    rows=_rows,
    dated_by="submitted_at",
    known=lambda row, at, asked: facts.facts_of(row, at=at, asked=asked),
    outcome=_outcome,
    told=_told,
)


# -- the same under other terms ----------------------------------------------------------------------------
CLOSED = "closed"


def _effects() -> tuple[Effect, ...]:
    places = tuple(Choice(str(tier.rank), tier.name) for tier in tiers())
    tier = Field("tier", _("suggested tier"), Kind.CHOICE, choices=(Choice(CLOSED, _("Could not apply")), *places))
    percent = Field("score", _("score"), Kind.PERCENT)
    rival = Field("rival", _("counts as a competitor"), Kind.BOOLEAN)
    return Effect(tier), Effect(percent), Effect(rival), courses.promised_days()


def _under(row: Application, terms: Terms) -> Outcome:
    """Return what terms make of a past application, by the answers that it gave then."""
    if not terms.is_open:
        return Outcome({"tier": CLOSED})
    score = questionnaires.score(terms.questions[PartnerType(row.type)], row.answers)
    ranks = [tier.rank for tier in tiers()]
    domains = (row.domain_key, companies.email_domain(row.contact_email))
    found: dict[str, Any] = {"score": str(score.percent), "rival": any(map(terms.is_competitor, domains))}
    if ranks:
        found["tier"] = str(terms.rank_for(score.percent, max(ranks)))
    taken = following.latest(row)
    if not {"promise_days", "promise_hours"} & (taken.effects if taken else {}).keys():
        found["promise_days"] = str(terms.decision_business_days)
    return Outcome(found)


JOINING = looking_back.of_terms(
    page="partners:application",
    rows=_rows,
    dated_by="submitted_at",
    terms=Terms.from_body,
    outcome=_under,
    told=_told,
    effects=_effects,
    without=_(
        "A question that was not asked then has no answer, and gives no points. How long drafts and links last, and "
        "the times to answer and to appeal, change no decision."
    ),
)
