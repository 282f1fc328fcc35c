"""How an approval stands, for those who look at the record it is about: the vendor's people, or the partner.

Partners learn which roles are asked and what came of it, but no names, notes or limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import people, queries
from prm.approvals.models import Approval, ApprovalDecision
from prm.approvals.people import Staff
from prm.approvals.plans import Hindrance, Omission, Outcome, Plan, Standing, Turn
from prm.approvals.steps import Asked, Means, Step
from prm.choices import TextChoices
from prm.money import Money
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.models import TenantModel

HOUR = timedelta(hours=1)


class State(TextChoices):
    """Where a step stands."""

    DONE = "done", ""
    REFUSED = "refused", ""
    ASKED = "asked", ""
    STALE = "stale", ""  # asked again, because what was agreed to changed
    LATER = "later", ""
    UNNEEDED = "unneeded", ""  # it ended before anybody was asked


@dataclass(frozen=True)
class Who:
    """Somebody whom a step names: by role, by name or as the owner of the partner."""

    means: Means
    label: str
    up_to: Money | None = None
    omission: Omission | None = None


@dataclass(frozen=True)
class Said:
    """What somebody decided about a step."""

    who: str
    role: str
    at: datetime
    is_approval: bool
    is_stale: bool
    behalf: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A step as it is shown."""

    step: Step
    state: State
    asked: tuple[Who, ...]
    then: tuple[Who, ...]
    given: int
    needed: int
    is_first: bool  # of its stage
    left_out: tuple[Who, ...] = ()
    said: tuple[Said, ...] = ()
    able: tuple[str, ...] = ()
    due: datetime | None = None
    is_late: bool = False
    usual: timedelta | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (State.ASKED, State.STALE)

    @property
    def usual_hours(self) -> int:
        """Return the usual time in whole hours, less than one as nothing."""
        return 0 if self.usual is None or self.usual < HOUR else ceil(self.usual / HOUR)

    @property
    def needs_all(self) -> bool:
        return self.step.need is None


@dataclass(frozen=True)
class Panel:
    """An approval, its steps in order, and what the person who looks may do about it."""

    status: Approval.Status | None
    rows: tuple[Row, ...]
    for_vendor: bool
    turn: Turn | None = None
    hindrance: Hindrance | None = None

    @property
    def is_waiting(self) -> bool:
        return self.status == Approval.Status.WAITING

    @property
    def mine(self) -> frozenset[str]:
        """Return the keys of the steps that this person decides with one press: theirs, and those that it covers."""
        is_asked = self.is_waiting and self.turn is not None
        return frozenset((self.turn.step.key, *self.turn.step.covers)) if is_asked and self.turn else frozenset()

    @property
    def done(self) -> int:
        return sum(row.state == State.DONE for row in self.rows)

    @property
    def is_last(self) -> bool:
        """Say whether nobody else is missing when this person agrees."""
        missing = sum(row.needed - row.given for row in self.rows if row.state != State.DONE)
        return self.turn is not None and missing == 1


def of(subject: TenantModel, member: Membership, *, at: datetime) -> Panel | None:
    """Return how the latest approval of a record stands, nothing if it needs none."""
    with seeing_all_partners():
        approval = queries.latest_of(subject)
        if approval is None:
            return None
        decisions = queries.decisions_of(approval)
        standing = queries.standing_of(approval, decisions)
        telling = _Telling(people.staff(at), for_vendor=member.is_vendor)
        is_waiting = approval.status == Approval.Status.WAITING
        turn = telling.staff.turn(standing, member) if member.is_vendor and is_waiting else None
        return Panel(
            Approval.Status(approval.status),
            tuple(telling.rows(standing, _Course(approval, decisions, at))),
            member.is_vendor,
            turn if isinstance(turn, Turn) else None,
            turn if isinstance(turn, Hindrance) else None,
        )


def ahead(plan: Plan, *, subject_type: str, at: datetime) -> Panel:
    """Return, as partners see it, who will decide about a record that is not sent yet, and how long that takes."""
    with seeing_all_partners():
        telling = _Telling(people.staff(at), for_vendor=False)
        usual = queries.usual_times(subject_type, at=at)
        rows = telling.rows(Standing(plan), _Course(None, (), at, usual))
        return Panel(None, tuple(rows), for_vendor=False)


def names(asked: Sequence[Asked], staff: Staff) -> tuple[Who, ...]:
    """Name those whom a step asks, to the vendor's own people."""
    return _Telling(staff).all(asked, "")


@dataclass(frozen=True)
class _Course:
    """What happened so far."""

    approval: Approval | None
    decisions: Sequence[ApprovalDecision]
    at: datetime
    usual: dict[str, timedelta] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.approval is not None and self.approval.status != Approval.Status.WAITING

    def due(self, step: Step) -> datetime | None:
        return queries.late_at(self.approval, step, now=self.at) if self.approval and not self.is_over else None


@dataclass(frozen=True)
class _Telling:
    staff: Staff
    for_vendor: bool = True

    def rows(self, standing: Standing, course: _Course) -> list[Row]:
        return [
            self._row(standing, step, course, is_first=number == 0)
            for stage in standing.plan.stages
            for number, step in enumerate(stage)
        ]

    def _row(self, standing: Standing, step: Step, course: _Course, *, is_first: bool) -> Row:
        said = [self._said(row) for row in course.decisions if row.step == step.key]
        state = _state(standing, step, said, is_over=course.is_over)
        owner = standing.plan.facts.owner
        is_open = state in (State.ASKED, State.STALE)
        left_out = [
            self._who(asked, owner, omission)
            for asked in step.asked
            if self.for_vendor and (omission := standing.plan.omission(asked))
        ]
        able = self.staff.able(standing, step) if is_open and self.for_vendor and course.approval else []
        return Row(
            step=step,
            state=state,
            asked=self.all(standing.plan.seats(step), owner),
            then=self.all(step.then, owner),
            given=standing.given(step),
            needed=standing.needed(step),
            is_first=is_first,
            left_out=tuple(left_out),
            said=tuple(said if self.for_vendor else [each for each in said if not each.is_stale]),
            able=tuple(self._able(standing, step, member) for member in able),
            due=course.due(step) if is_open else None,
            is_late=is_open and step.key in standing.late,
            usual=course.usual.get(step.key),
        )

    def all(self, asked: Sequence[Asked], owner: str) -> tuple[Who, ...]:
        """Name all of these, two persons of one role once where only the role is told."""
        return tuple(dict.fromkeys(self._who(each, owner) for each in asked))

    def _who(self, asked: Asked, owner: str, omission: Omission | None = None) -> Who:
        limit = asked.up_to if self.for_vendor else None
        if asked.means == Means.ROLE:
            label = str(Role(asked.name).label) if asked.name in Role.values else asked.name
            return Who(asked.means, label, limit, omission)
        member = self.staff.by_user.get(asked.name or owner)
        label = "" if member is None else member.user.name if self.for_vendor else str(member.get_role_display())
        return Who(asked.means, label, limit, omission)

    def _able(self, standing: Standing, step: Step, member: Membership) -> str:
        """Name somebody who can decide now, and whom they stand in for."""
        turn = self.staff.turn(standing, member, step=step.key)
        absent = self.staff.by_user.get(turn.on_behalf) if isinstance(turn, Turn) else None
        return f"{member.user.name} ({absent.user.name})" if absent else member.user.name

    def _said(self, row: ApprovalDecision) -> Said:
        facts = (str(row.get_role_display()), row.at, row.is_approval, row.is_stale)
        if not self.for_vendor:
            return Said("", *facts)
        return Said(row.by.name, *facts, behalf=row.on_behalf.name if row.on_behalf else "", note=row.note)


def _state(standing: Standing, step: Step, said: Sequence[Said], *, is_over: bool) -> State:
    if any(not each.is_approval and not each.is_stale for each in said):
        return State.REFUSED
    if standing.is_done(step):
        return State.DONE
    if is_over or standing.outcome != Outcome.WAITING:
        return State.UNNEEDED
    if step not in standing.waiting:
        return State.LATER
    return State.STALE if standing.stale(step) else State.ASKED
