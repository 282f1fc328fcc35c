"""Saying that somebody is away and who decides for them meanwhile, and taking that back."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from prm.accounts.models import Membership, VendorProfile
from prm.approvals import absences, people
from prm.approvals.events import AbsenceEnded, AbsenceSet
from prm.approvals.models import StandIn
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class AlreadyAway(DomainError):
    """Somebody stands in for this person on some of these days already."""


class NotTheirRight(DomainError):
    """Nobody decides through a colleague what their own role would not let them."""


class StandInForEachOther(DomainError):
    """Nobody would be left to decide: each of them is away and waits for another."""


def rows(day: date) -> QuerySet[StandIn]:
    """Return who is away on a day or later, the first first."""
    found = StandIn.objects.filter(ends_on__gte=day).select_related("user", "stand_in")
    return found.order_by("starts_on", "id")


@service
def set_absence(
    member: Membership, stand_in: Membership, *, starts_on: date, ends_on: date, by: Membership, at: datetime
) -> StandIn:
    """Let a colleague with the same right decide in somebody's place from one day to another, both included.

    Raises `NotTheirRight`, `AlreadyAway` and `StandInForEachOther`.
    """
    VendorProfile.objects.select_for_update().get()  # two absences at once could make a circle
    if not people.may_stand_in(stand_in, member):
        raise NotTheirRight(stand_in=stand_in.user)
    nearby = list(StandIn.objects.filter(starts_on__lte=ends_on, ends_on__gte=starts_on))
    if any(row.user_id == member.user_id for row in nearby):
        raise AlreadyAway(user=member.user)
    wanted = absences.Absence(str(member.user_id), str(stand_in.user_id), starts_on, ends_on)
    if absences.circle(wanted, [people.absence_of(row) for row in nearby]):
        raise StandInForEachOther(stand_in=stand_in.user)
    row = StandIn(
        user=member.user,
        stand_in=stand_in.user,
        starts_on=starts_on,
        ends_on=ends_on,
        set_by_id=by.user_id,
        set_at=at,
    )
    row.save(force_insert=True)
    names = (member.user.name, stand_in.user.name)
    fact = AbsenceSet(member.user_id, *names, starts_on.isoformat(), ends_on.isoformat())
    record(fact, on=row, by=by, at=at, is_internal=True)
    return row


@service
def end_absence(row: StandIn, *, by: Membership, at: datetime) -> None:
    """Let nobody stand in any more; what was decided meanwhile stays decided."""
    fact = AbsenceEnded(row.user_id, row.user.name, row.stand_in.name)
    record(fact, on=row, by=by, at=at, is_internal=True)
    row.delete()
