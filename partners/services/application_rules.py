"""Following the vendor's rules for an application, once it is submitted; and passing the steps that they name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partners.enums import ApplicationStatus, PartnerType
from partners.models import Application
from partners.queries import applications as queries
from partners.queries import facts, joining
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION
from partners.services import application_decisions as decisions
from partners.services.application_decisions import Placement
from prm.approvals import plans, services, steps
from prm.approvals.steps import Means
from prm.clocks import calendars
from prm.events.service import service
from prm.policies import courses, following
from prm.policies.courses import Course
from prm.policies.models import CourseTaken
from prm.policies.values import Invalid


@service
def follow(application: Application, *, at: datetime) -> Application:
    """Decide as the rules say, or ask those whom they name; doing it again changes nothing."""
    row = Application.objects.select_related("policy").locked(application.pk)
    if row.status != ApplicationStatus.SUBMITTED or row.submitted_at is None or following.latest(row):
        return row
    today = today_of_vendor(row.submitted_at)
    version = following.in_force(APPLICATION, today)
    if version is None:
        return row
    taken = following.follow(
        row,
        version,
        lambda asked: facts.facts_of(row, at=at, asked=asked),
        at=at,
        is_contested=facts.is_contested(row, today),
    )
    if taken.course == Course.PERSON:
        return _ask(row, taken, at)
    names = following.matched(taken)
    if taken.course == Course.REFUSE:
        reason = str(taken.effects.get("reason", "other"))
        return decisions.reject(row, reason_code=reason, note="", by=None, at=at, rules=names)
    dossier = queries.dossier_of(row, today)
    placement = Placement(PartnerType(row.type), row.contact_name, row.contact_email, dossier.suggested_tier)
    return decisions.approve(row, placement, by=None, at=at, rules=names)


def _ask(row: Application, taken: CourseTaken, at: datetime) -> Application:
    """Ask for the steps of the rules; the first person whom they name looks after the application."""
    assert row.submitted_at
    promise = courses.promise_in(taken.effects, joining.pinned(row).decision_business_days)
    row.decide_by = calendars.promised(promise, at=row.submitted_at)
    try:
        known = steps.read(taken.policy.body.get("steps", []), roles=steps.ROLES)
    except Invalid:
        known = ()
    plan = plans.plan(known, plans.Facts(), keys=taken.effects.get("steps", ()))
    named = [asked.name for step in plan.steps for asked in step.asked if asked.means == Means.PERSON]
    if named and row.owner_id is None:
        row.owner_id = UUID(named[0])
    row.save()
    if plan.steps:
        services.start(row, plan, requested_by=None, at=at)
    return row
