"""What waits for whom, how an approval stands, and how long its steps usually take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median_low
from uuid import UUID

from django.db.models import Q, QuerySet

from prm.accounts.models import Membership
from prm.approvals import people
from prm.approvals.models import Approval, ApprovalDecision
from prm.approvals.plans import Decision, Plan, Standing, plan_from
from prm.approvals.steps import Step
from prm.clocks import calendars, clock
from prm.clocks.clock import Happening, Mark
from prm.clocks.hours import BusinessCalendar
from prm.tenancy.models import TenantModel

A_YEAR = timedelta(days=366)
MOST_COUNTED = 1000
FEWEST_COUNTED = 3  # of fewer, one slow decision would be the usual time


def current_of(subject: TenantModel) -> Approval | None:
    """Return the approval of a record that waits or was given."""
    return Approval.objects.filter(
        subject_id=subject.pk, status__in=[Approval.Status.WAITING, Approval.Status.APPROVED]
    ).first()


def latest_of(subject: TenantModel) -> Approval | None:
    """Return the last approval of a record, however it ended."""
    return Approval.objects.filter(subject_id=subject.pk).order_by("-requested_at", "-id").first()


def looks_at(subject: TenantModel, fact: str) -> bool:
    """Say whether a step of a record's approval names a fact among those that it looks at."""
    approval = current_of(subject)
    return approval is not None and any(fact in step.looks_at for step in plan_of(approval).steps)


def plan_of(approval: Approval) -> Plan:
    return plan_from(approval.plan)


def decisions_of(approval: Approval) -> list[ApprovalDecision]:
    """Return its decisions, the first first, those that are stale included."""
    return list(approval.decisions.select_related("by", "on_behalf").order_by("at", "id"))


def standing_of(approval: Approval, decisions: Sequence[ApprovalDecision] | None = None) -> Standing:
    """Return how an approval stands; its decisions are asked for unless they are at hand."""
    found = [
        Decision(
            row.step,
            str(row.by_id),
            tuple(row.places),
            is_approval=row.is_approval,
            is_stale=row.is_stale,
            on_behalf=str(row.on_behalf_id or ""),
        )
        for row in (decisions_of(approval) if decisions is None else decisions)
    ]
    requester = str(approval.requested_by_id or "")
    return Standing(plan_of(approval), tuple(found), requester, frozenset(approval.late))


def waiting_for(member: Membership, at: datetime) -> QuerySet[Approval]:
    """Return what somebody may decide now, on their own behalf or another's."""
    mine = Q()
    for approver in people.approvers(member, at):
        user, role = approver.acts_as
        both = [approver.user, user]
        decided = ApprovalDecision.objects.filter(is_stale=False).filter(Q(by__in=both) | Q(on_behalf__in=both))
        is_asked = Q(places__user=user) | Q(places__role=role)
        is_own = Q(requested_by__isnull=False, requested_by__in=both) | Q(plan__author__in=[str(one) for one in both])
        is_free = ~Q(pk__in=Approval.objects.filter(is_own).values("pk")) & ~Q(pk__in=decided.values("approval_id"))
        mine |= is_asked & is_free
    return Approval.objects.filter(mine, status=Approval.Status.WAITING).distinct()


def who_is_asked(subject: TenantModel, *, at: datetime) -> set[UUID]:
    """Return the people who can decide what waits about a record."""
    approval = current_of(subject)
    if approval is None:
        return set()
    standing, staff = standing_of(approval), people.staff(at)
    return {member.user_id for step in standing.waiting for member in staff.able(standing, step)}


def late(at: datetime) -> QuerySet[Approval]:
    """Return the approvals of which a step's time is over, the longest first."""
    return Approval.objects.filter(status=Approval.Status.WAITING, next_late_at__lte=at).order_by("next_late_at", "id")


def late_at(approval: Approval, step: Step, *, now: datetime) -> datetime | None:
    """Return when the time of a step that waits is over; nothing while it stands still, or without such a time."""
    if step.within is None or step.key not in approval.asked:
        return None
    reading = clock.read(step.within, _calendar(approval), _marks(approval, step), now=now)
    return reading.due


def time_taken(approval: Approval, step: Step, *, until: datetime) -> timedelta | None:
    """Return how many open hours a step has waited, without those in which the other side had to answer."""
    if step.key not in approval.asked:
        return None
    marks = _marks(approval, step)
    marks.append(Mark(max(until, marks[-1].at), Happening.DECIDED))
    promise = clock.Promise(1, clock.Unit.HOURS)
    return clock.read(promise, _calendar(approval), marks, now=until).used


def _calendar(approval: Approval) -> BusinessCalendar:
    """Return the calendar by which the times of its steps count."""
    return calendars.find(approval.plan.get("calendar"))


def usual_times(subject_type: str, *, at: datetime) -> dict[str, timedelta]:
    """Return by step how many open hours decisions on records of this kind usually took in the last year."""
    rows = ApprovalDecision.objects.filter(
        approval__subject_type=subject_type, at__gte=at - A_YEAR, took__isnull=False
    ).order_by("-at")
    took: dict[str, list[timedelta]] = {}
    for step, time in rows.values_list("step", "took")[:MOST_COUNTED]:
        took.setdefault(step, []).append(time)
    return {step: median_low(times) for step, times in took.items() if len(times) >= FEWEST_COUNTED}


def _marks(approval: Approval, step: Step) -> list[Mark]:
    return list(_happened(approval, datetime.fromisoformat(approval.asked[step.key])))


def _happened(approval: Approval, since: datetime) -> Iterator[Mark]:
    """Yield what moved the clock of a step; clocks of two machines that differ a little never turn it back."""
    yield Mark(since, Happening.STARTED)
    latest = since
    for start, end in approval.pauses:
        until = datetime.fromisoformat(end) if end else None
        if until is None or until > latest:
            latest = max(datetime.fromisoformat(start), latest)
            yield Mark(latest, Happening.PAUSED)
            if until:
                latest = max(until, latest)
                yield Mark(latest, Happening.RESUMED)
