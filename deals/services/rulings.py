"""Following the vendor's rules for a registration, and keeping what they said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from deals.enums import Because, Contested, Course
from deals.models import Registration, Ruling
from deals.queries import facts
from deals.rules import engagement
from deals.rules.terms import Terms
from prm.policies import following, rulesets
from prm.policies.evaluation import Outcome
from prm.tenancy.fields import uuid7


def follow(
    registration: Registration,
    *,
    is_contested: bool,
    at: datetime,
    goes_on: Callable[[Contested], bool] = lambda how: False,
) -> Ruling:
    """Follow the rules of the version that a registration pins, and keep what they say beside it."""
    assert registration.policy is not None
    terms, found = Terms.from_body(registration.policy.body), following.rules_in(registration.policy)
    if found is None:
        ruled = engagement.unreadable()
    else:
        asked = engagement.asked(found)
        known = facts.facts_of(registration, at=at, asked=asked, terms=terms)
        ruled = engagement.judge(found, known, is_contested=is_contested, goes_on=goes_on)
    ruling = Ruling(
        registration=registration,
        partner_path=registration.partner_path,
        policy=registration.policy,
        at=at,
        course=ruled.course,
        because=ruled.because,
        effects=dict(ruled.effects),
        trace=rulesets.trace_of(ruled.decision) if ruled.decision else [],
    )
    ruling.save(force_insert=True)
    return ruling


def leave_to_person(ruling: Ruling, *, at: datetime) -> Ruling:
    """Note that a person decides in place of the rules, because somebody else got the customer first."""
    left = Ruling(
        registration=ruling.registration,
        partner_path=ruling.partner_path,
        policy=ruling.policy,
        at=at,
        course=Course.PERSON,
        because=Because.CONTESTED,
        effects=ruling.effects,
        trace=ruling.trace,
    )
    left.save(force_insert=True)
    return left


def carry_over(registration: Registration) -> Ruling | None:
    """Keep the latest ruling once more for whoever has the registration now; rulings never change."""
    latest = Ruling.objects.filter(registration=registration).order_by("-at", "-id").first()
    if latest is not None:
        latest.pk, latest.partner_path = uuid7(), registration.partner_path
        latest.save(force_insert=True)
    return latest


def matched(ruling: Ruling) -> tuple[str, ...]:
    """Return the names of the rules that matched, as their version has them."""
    names = {rule["key"]: rule["name"] for rule in ruling.policy.body.get("rules", {}).get("rules", ())}
    return tuple(names[row["rule"]] for row in ruling.trace if row["outcome"] == Outcome.HOLDS)
