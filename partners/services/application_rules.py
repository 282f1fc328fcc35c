"""The vendor's rules for an application: following them, asking those whom they name, and judging again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from partners.models import Application
from partners.queries import application_approvals as approvals
from partners.queries import facts, joining
from partners.queries.days import today_of_vendor
from partners.rules import application_lifecycle as lifecycle
from partners.rules.catalogue import APPLICATION
from prm.accounts.models import Membership
from prm.approvals import queries, services
from prm.approvals.plans import Plan
from prm.approvals.steps import Means
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.services import CHANGED
from prm.events.service import service
from prm.policies import courses, following
from prm.policies.courses import Deemed
from prm.policies.models import CourseTaken, PolicyVersion


def judge(row: Application, *, at: datetime, version: PolicyVersion | None = None) -> CourseTaken | None:
    """Follow the rules of a version, of the day it was submitted if none is given; nothing for a vendor without any."""
    assert row.submitted_at
    today = today_of_vendor(row.submitted_at)
    version = version or following.in_force(APPLICATION, today)
    if version is None:
        return None
    return following.follow(
        row,
        version,
        lambda asked: facts.facts_of(row, at=at, asked=asked),
        at=at,
        is_contested=facts.is_contested(row, today),
    )


def ask(row: Application, taken: CourseTaken, *, at: datetime) -> Application:
    """Ask for the steps of the rules; the first person whom they name looks after the application."""
    assert row.submitted_at
    promise = courses.promise_in(taken.effects, joining.pinned(row).decision_business_days)
    row.decide_by = calendars.promised(promise, at=row.submitted_at)
    row.deemed = courses.deemed_in(taken.effects, taken.because)
    plan = _plan(taken)
    named = [asked.name for step in plan.steps for asked in step.asked if asked.means == Means.PERSON]
    if named and row.owner_id is None:
        row.owner_id = UUID(named[0])
    row.save()
    if plan.steps:
        services.start(row, plan, requested_by=None, at=at)
    return row


@service
def follow_change(row: Application, changed: Collection[str], *, by: Membership | None, at: datetime) -> None:
    """Judge again what changed; whoever approved what it touches is asked again, and those whom the rules name since.

    A person decides, whatever the rules say now: somebody has looked at it.
    """
    before = following.latest(row)
    taken = judge(row, at=at, version=before.policy if before else None)
    row.deemed = courses.deemed_in(taken.effects, taken.because) if taken else Deemed.NONE
    leave_late_to_person(row, at)
    row.save(update_fields=["deemed"])
    plan = _plan(taken) if taken else None
    if plan is None or not plan.steps:
        services.recall(row, by=by, at=at)
    elif services.amend(row, plan, facts=frozenset(map(_fact, changed)), by=by, at=at) is None:
        services.start(row, plan, requested_by=None, at=at)


@service
def follow_values(row: Application, before: Mapping[str, Any], *, by: Membership, at: datetime) -> None:
    """Judge again while nobody has decided, if the vendor filled in what the rules or a step look at."""
    taken = following.latest(row)
    if row.status not in lifecycle.OPEN or taken is None:
        return
    rules = following.rules_in(taken.policy)
    asked = courses.asked(rules) if rules else frozenset()
    if custom_fields.differs(KINDS[APPLICATION], row, before, asked, at) or queries.looks_at(row, CHANGED):
        follow_change(row, [CHANGED], by=by, at=at)


def leave_late_to_person(row: Application, at: datetime) -> None:
    """Let no silence count that was over before the rules were followed: nobody has read what changed."""
    if row.decide_by and row.decide_by <= at:
        row.deemed = Deemed.NONE


def stands_in_the_way(row: Application, taken: CourseTaken | None, today: date) -> bool:
    """Say whether silence may not approve: others have to agree, or the firm may be known, or is a competitor."""
    return taken is None or queries.current_of(row) is not None or facts.is_contested(row, today)


def _plan(taken: CourseTaken) -> Plan:
    return approvals.plan_for(taken.policy.body, taken.effects)


def _fact(changed: str) -> str:
    """Return how steps call what changed: a column, an answer or the vendor's own fields."""
    if changed == CHANGED:
        return CHANGED
    return "answers" if changed.startswith("q_") else "company"
