"""Who can decide what waits: those a step asks, whoever stands in for them, and an administrator if there is nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.approvals.absences import Absence, absent_for
from prm.approvals.models import StandIn, around
from prm.approvals.plans import Approver, Hindrance, Standing, Turn
from prm.approvals.steps import Step


@dataclass(frozen=True)
class Staff:
    """The vendor's own people on a day, and who of them is away."""

    members: Sequence[Membership]
    absences: Sequence[Absence]
    day: date

    @cached_property
    def by_user(self) -> dict[str, Membership]:
        return {str(member.user_id): member for member in self.members}

    def approvers(self, member: Membership) -> list[Approver]:
        """Return as whom somebody may decide: themselves, and those they stand in for with the same right."""
        user, role = str(member.user_id), str(member.role)
        found = [Approver(user, role)]
        for absent in absent_for(user, self.absences, self.day):
            away = self.by_user.get(absent)
            if away and may_stand_in(member, away):
                found.append(Approver(user, role, absent, str(away.role)))
        return found

    def turn(self, standing: Standing, member: Membership, *, step: str = "") -> Turn | Hindrance:
        """Return what somebody may decide, on their own behalf before another's, or why they may not."""
        found = [standing.turn(approver, step=step) for approver in self.approvers(member)]
        turns = [turn for turn in found if isinstance(turn, Turn)]
        if turns:
            return turns[0]
        own = found[0]
        assert isinstance(own, Hindrance)
        if member.role == Role.ADMIN and own in (Hindrance.NOT_ASKED, Hindrance.LIMIT, Hindrance.NOT_YET):
            return self._instead(standing, member, step) or own
        return own

    def able(self, standing: Standing, step: Step) -> list[Membership]:
        """Return who could decide a step that waits now; an administrator where there is nobody else."""
        found = self._asked(standing, step)
        return found or [member for member in self.members if member.role == Role.ADMIN and _is_free(standing, member)]

    def _asked(self, standing: Standing, step: Step) -> list[Membership]:
        return [
            member
            for member in self.members
            if any(isinstance(standing.turn(one, step=step.key), Turn) for one in self.approvers(member))
        ]

    def _instead(self, standing: Standing, member: Membership, step: str) -> Turn | None:
        for one in standing.waiting:
            if (not step or one.key == step) and _is_free(standing, member) and not self._asked(standing, one):
                return Turn(one, tuple(range(len(standing.plan.seats(one)))))
        return None


def staff(at: datetime) -> Staff:
    """Return the vendor's own active people, and who of them is away on its day."""
    day = VendorProfile.objects.get().day_of(at)
    members = Membership.objects.filter(partner_id=None, status=Membership.Status.ACTIVE).select_related("user")
    away = StandIn.objects.filter(starts_on__lte=day, ends_on__gte=day)
    return Staff(list(members.order_by("user_id")), [absence_of(row) for row in away], day)


def ids_of_staff() -> list[str]:
    """Return the users who work for the vendor now, whom a step can name."""
    rows = Membership.objects.filter(partner_id=None, status=Membership.Status.ACTIVE)
    return [str(user) for user in rows.values_list("user_id", flat=True)]


def approvers(member: Membership, at: datetime) -> list[Approver]:
    """Return as whom somebody may decide, without a question to the database as long as nobody is away."""
    is_anybody_away = member.is_anybody_away
    if is_anybody_away is None:
        is_anybody_away = StandIn.objects.filter(around(at)).exists()
    return staff(at).approvers(member) if is_anybody_away else [Approver(str(member.user_id), str(member.role))]


def absence_of(row: StandIn) -> Absence:
    return Absence(str(row.user_id), str(row.stand_in_id), row.starts_on, row.ends_on)


def may_stand_in(member: Membership, away: Membership) -> bool:
    """Say whether somebody has the right of the person who is away: the same role, or an administrator's."""
    is_able = member.is_vendor and member.status == Membership.Status.ACTIVE
    return is_able and member.role in (away.role, Role.ADMIN)


def _is_free(standing: Standing, member: Membership) -> bool:
    """Say whether somebody neither asked for it, nor wrote the record, nor decided a step of it."""
    user = str(member.user_id)
    decided = {person for decision in standing.decisions if not decision.is_stale for person in decision.people}
    return user not in standing.apart and user not in decided
