"""What an approval needs and how it stands: a plan, and what its decisions come to.

A plan is pinned: whoever changes the steps later changes nothing about what is asked already. Everything else follows
from the plan and the decisions, so that undoing one leaves no trace in how it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from prm.approvals import steps as reading
from prm.approvals.steps import ADMIN, Asked, Means, Step
from prm.money import Money
from prm.policies import values


@dataclass(frozen=True)
class Facts:
    """What decides who may agree: the amount it is about, and the person who looks after the partner.

    Whoever wrote the record (`author`) agrees to nothing of it, as whoever asked for the approval. Times of steps count
    by the calendar that the record's own promise counts by, the default one for nothing.
    """

    amount: Money | None = None
    owner: str = ""
    calendar: str = ""
    author: str = ""


class Omission(StrEnum):
    """Why somebody whom a step names is not asked."""

    OVER_LIMIT = "over_limit"
    NO_OWNER = "no_owner"


@dataclass(frozen=True)
class Plan:
    """The steps a record needs, in their order, and the facts that they were chosen with."""

    steps: tuple[Step, ...]
    facts: Facts = Facts()

    @cached_property
    def step(self) -> Mapping[str, Step]:
        return {step.key: step for step in self.steps}

    @property
    def stages(self) -> tuple[tuple[Step, ...], ...]:
        """Return the steps by stage, the first stage first."""
        numbers = sorted({step.stage for step in self.steps})
        return tuple(tuple(step for step in self.steps if step.stage == number) for number in numbers)

    def seats(self, step: Step) -> tuple[Asked, ...]:
        """Return who is asked: of those named all that may agree to this amount, or else an administrator."""
        found = tuple(asked for asked in step.asked if self.omission(asked) is None)
        return found or (Asked(Means.ROLE, ADMIN),)

    def omission(self, asked: Asked) -> Omission | None:
        """Say why somebody who is named is not asked."""
        if asked.means == Means.OWNER and not self.facts.owner:
            return Omission.NO_OWNER
        return None if asked.may_agree_to(self.facts.amount) else Omission.OVER_LIMIT

    def body(self) -> dict[str, Any]:
        """Return the plan as it is stored."""
        amount = None if self.facts.amount is None else values.body_of(self.facts.amount)
        facts = {"amount": amount, "owner": self.facts.owner, "calendar": self.facts.calendar}
        facts |= {"author": self.facts.author} if self.facts.author else {}
        return {"steps": [step.body() for step in self.steps], **facts}


def plan(steps: Iterable[Step], facts: Facts, *, keys: Collection[str] | None = None) -> Plan:
    """Return what a record with these facts needs: the steps named by `keys`, or all of them."""
    found = [step for step in steps if keys is None or step.key in keys]
    return Plan(tuple(sorted(found, key=lambda step: step.stage)), facts)


def plan_from(body: Mapping[str, Any]) -> Plan:
    """Read a stored plan, whose roles may be gone by now."""
    roles = {
        who.get("role")
        for step in body["steps"]
        for who in (*step["asked"], *step.get("then", ()))
        if isinstance(who.get("role"), str)
    }
    amount = body["amount"] and values.money(body["amount"])
    facts = Facts(amount or None, body["owner"], body.get("calendar", ""), body.get("author", ""))
    return Plan(reading.read(body["steps"], roles=roles), facts)


@dataclass(frozen=True)
class Decision:
    """What somebody decided, with the places among those asked that they could take."""

    step: str
    by: str
    places: tuple[int, ...]
    is_approval: bool = True
    is_stale: bool = False
    on_behalf: str = ""

    @property
    def people(self) -> frozenset[str]:
        return frozenset({self.by, self.on_behalf} - {""})


@dataclass(frozen=True)
class Approver:
    """Somebody who wants to decide, on their own behalf or for a person they stand in for."""

    user: str
    role: str
    on_behalf: str = ""
    role_of_absent: str = ""

    @property
    def acts_as(self) -> tuple[str, str]:
        """Return the person and the role whose places they take: a stand-in those of the person who is away."""
        return (self.on_behalf, self.role_of_absent) if self.on_behalf else (self.user, self.role)

    def is_asked(self, asked: Asked, facts: Facts) -> bool:
        """Say whether a place is theirs."""
        user, role = self.acts_as
        match asked.means:
            case Means.ROLE:
                return asked.name == role
            case Means.PERSON:
                return asked.name == user
        return facts.owner == user


class Hindrance(StrEnum):
    """Why somebody may not decide."""

    OVER = "over"
    OWN = "own"
    ALREADY = "already"
    NOT_ASKED = "not_asked"
    NOT_YET = "not_yet"
    NOT_NEEDED = "not_needed"  # their place among those asked is taken
    LIMIT = "limit"


class Outcome(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Turn:
    """A step that somebody may decide, and the places they can take."""

    step: Step
    places: tuple[int, ...]
    on_behalf: str = ""


@dataclass(frozen=True)
class Standing:
    """How an approval stands."""

    plan: Plan
    decisions: tuple[Decision, ...] = ()
    requester: str = ""
    late: frozenset[str] = frozenset()  # steps whose time is over

    @property
    def apart(self) -> frozenset[str]:
        """Return who agrees to nothing: who asked for it, and who wrote the record."""
        return frozenset({self.requester, self.plan.facts.author} - {""})

    @property
    def outcome(self) -> Outcome:
        """A single refusal ends it; without steps nobody has to agree."""
        if any(not decision.is_approval for decision in self.valid):
            return Outcome.REJECTED
        return Outcome.WAITING if self.waiting else Outcome.APPROVED

    @cached_property
    def waiting(self) -> tuple[Step, ...]:
        """Return the steps that are asked now: those of the first stage that is not done."""
        for stage in self.plan.stages:
            if missing := tuple(step for step in stage if not self.is_done(step)):
                return missing
        return ()

    def is_done(self, step: Step) -> bool:
        return self.given(step) >= self.needed(step) or self._is_covered(step)

    def _is_covered(self, step: Step) -> bool:
        """Say whether somebody agreed to a step that covers this one."""
        agreed = [self.plan.step.get(decision.step) for decision in self.valid if decision.is_approval]
        return any(other is not None and step.key in other.covers for other in agreed)

    def needed(self, step: Step) -> int:
        """Return how many have to agree to a step."""
        return len(self.plan.seats(step)) if step.need is None else step.need

    def given(self, step: Step) -> int:
        """Return how many agreed; where each of those asked has to, nobody takes the place of two."""
        found = [decision.places for decision in self.valid if decision.step == step.key and decision.is_approval]
        return len(found) if step.need is not None else _most_places(found)

    def stale(self, step: Step) -> bool:
        """Say whether a step is asked again because what was agreed to changed."""
        return not self.is_done(step) and any(one.step == step.key and one.is_stale for one in self.decisions)

    def turn(self, approver: Approver, *, step: str = "") -> Turn | Hindrance:
        """Return the step that somebody may decide now, the named one or else the first, or why they may not."""
        if self.outcome != Outcome.WAITING:
            return Hindrance.OVER
        people = {approver.user, approver.on_behalf} - {""}
        if people & self.apart:
            return Hindrance.OWN
        if any(people & decision.people for decision in self.valid):
            return Hindrance.ALREADY
        asked = [one for one in self.waiting if not step or one.key == step]
        turns = [Turn(one, places, approver.on_behalf) for one in asked if (places := self._places(one, approver))]
        for turn in sorted(turns, key=lambda turn: -len(turn.step.covers)):
            mine = Decision(turn.step.key, approver.user, turn.places)
            with_mine = replace(self, decisions=(*self.decisions, mine))
            if with_mine.given(turn.step) > self.given(turn.step):
                return turn
        return Hindrance.NOT_NEEDED if turns else self._why_not(approver)

    def touched(self, facts: Collection[str], changed: Plan) -> Standing:
        """Return how it stands after these facts changed, by the plan that the record needs now.

        Only decisions on steps that look at one of the facts are stale, and those of whom the new amount or another
        wording of the step no longer asks. A change never gives the last agreement: where nobody would be missing any
        more, whoever is asked now still is, or all are asked again.
        """
        after = replace(
            self, plan=changed, decisions=tuple(self._after(decision, facts, changed) for decision in self.decisions)
        )
        if self.outcome != Outcome.WAITING or after.outcome != Outcome.APPROVED:
            return after
        kept = tuple(step for step in self.waiting if step.key not in changed.step)
        if kept:
            return self.touched(facts, replace(changed, steps=(*changed.steps, *kept)))
        return replace(after, decisions=tuple(replace(decision, is_stale=True) for decision in after.decisions))

    def _after(self, decision: Decision, facts: Collection[str], changed: Plan) -> Decision:
        before, now = self.plan.step.get(decision.step), changed.step.get(decision.step)
        if before is None or now is None or now.is_about(facts):
            return replace(decision, is_stale=True)
        seats, held = changed.seats(now), self.plan.seats(before)
        kept = tuple(seats.index(held[place]) for place in decision.places if held[place] in seats)
        return replace(decision, places=kept) if kept else replace(decision, is_stale=True)

    @cached_property
    def valid(self) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if not decision.is_stale)

    def _places(self, step: Step, approver: Approver) -> tuple[int, ...]:
        """Return the places somebody can take; whoever is asked next because time is over can take any of them."""
        seats, facts = self.plan.seats(step), self.plan.facts
        if step.key in self.late and any(
            approver.is_asked(next_one, facts) and next_one.may_agree_to(facts.amount) for next_one in step.then
        ):
            return tuple(range(len(seats)))
        return tuple(place for place, asked in enumerate(seats) if approver.is_asked(asked, facts))

    def _why_not(self, approver: Approver) -> Hindrance:
        named = [step for step in self.waiting if any(approver.is_asked(one, self.plan.facts) for one in step.asked)]
        if named:
            return Hindrance.LIMIT
        later = [step for step in self.plan.steps if step not in self.waiting and not self.is_done(step)]
        return Hindrance.NOT_YET if any(self._places(step, approver) for step in later) else Hindrance.NOT_ASKED


def _most_places(choices: Sequence[tuple[int, ...]]) -> int:
    """Return how many of the places can be taken when each person takes one of those they could."""
    taken: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for place in choices[person]:
            if place not in tried:
                tried.add(place)
                if place not in taken or seat(taken[place], tried):
                    taken[place] = person
                    return True
        return False

    return sum(seat(person, set()) for person in range(len(choices)))
