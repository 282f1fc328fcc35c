"""Which tier a partner has earned, and what follows for the one it stands in.

Up at once, or as a proposal; down only at a review, after a warning and a grace period; and into a tier that is by
invitation never by numbers. Whoever was placed by exception stays until its last day. Every decision says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from partners.enums import Outcome, Promotion
from partners.rules import requirements
from partners.rules.programs import ProgramTerms, TierTerms
from partners.rules.records import Record
from partners.rules.requirements import Result

Results = Mapping[str, Result]


class Move(StrEnum):
    """What is done about a partner's tier."""

    KEEP = "keep"
    PLACE = "place"  # it stood in none
    PROMOTE = "promote"
    PROPOSE = "propose"
    WARN = "warn"
    DEMOTE = "demote"


class Why(StrEnum):
    """Why; the needs behind it are in the results."""

    MEETS = "meets"  # everything the tier asks
    MEETS_HIGHER = "meets_higher"
    WILL_LAPSE = "will_lapse"
    FALLS_SHORT = "falls_short"
    IN_GRACE = "in_grace"
    GRACE_OVER = "grace_over"
    EXCEPTION = "exception"
    EXCEPTION_OVER = "exception_over"
    TIER_GONE = "tier_gone"  # the version in force has no such tier
    NOTHING_BELOW = "nothing_below"
    DECLINED = "declined"  # a proposal, until the next review
    EARNS_NONE = "earns_none"


@dataclass(frozen=True)
class Standing:
    """Where a partner stands before it is evaluated."""

    tier_id: str | None = None
    is_exception: bool = False
    held_until: date | None = None  # the last day of an exception; without one it has no end
    warned_on: date | None = None
    declined_until: date | None = None


@dataclass(frozen=True)
class Decision:
    """What is done, where the partner then stands and how safely, and why."""

    move: Move
    outcome: Outcome
    tier_id: str | None
    reasons: tuple[Why, ...]
    proposed_id: str | None = None
    warned_on: date | None = None
    demotes_on: date | None = None

    @property
    def moves(self) -> bool:
        return self.move in (Move.PLACE, Move.PROMOTE, Move.DEMOTE)


def evaluate(program: ProgramTerms, record: Record, *, on: date) -> dict[str, Result]:
    """Return for each tier whether a partner meets what it asks on a day."""
    measure = program.measure
    return {tier.id: requirements.evaluate(tier.requirement, record, on=on, measure=measure) for tier in program.tiers}


def earned(program: ProgramTerms, results: Results, current: TierTerms | None) -> TierTerms | None:
    """Return the highest tier whose requirements are met; one by invitation only for whoever stands in it."""
    met = [
        tier
        for tier in program.ranked
        if results[tier.id].holds and (not tier.is_by_invitation or (current and tier.id == current.id))
    ]
    return met[-1] if met else None


def decide(program: ProgramTerms, standing: Standing, results: Results, *, on: date) -> Decision:
    """Return what happens to a partner on a day."""
    current = program.tier(standing.tier_id)
    best = earned(program, results, current)
    if current is None:
        return _enter(standing, best)
    if standing.is_exception and (standing.held_until is None or on <= standing.held_until):
        return Decision(Move.KEEP, Outcome.HELD, current.id, (Why.EXCEPTION,))
    if best is not None and best.rank > current.rank:
        return _rise(program, standing, current, best, results, on)
    if results[current.id].holds:
        return _keep(current, results)
    fallback = best or _entry(program)
    if fallback is None or fallback.rank >= current.rank:
        return Decision(Move.KEEP, Outcome.AT_RISK, current.id, (Why.FALLS_SHORT, Why.NOTHING_BELOW))
    if standing.is_exception:
        return Decision(Move.DEMOTE, Outcome.SAFE, fallback.id, (Why.EXCEPTION_OVER, Why.FALLS_SHORT))
    return _fall(program, standing, current, fallback, on)


def _enter(standing: Standing, best: TierTerms | None) -> Decision:
    gone = (Why.TIER_GONE,) if standing.tier_id else ()
    if best is None:
        return Decision(Move.KEEP, Outcome.UNPLACED, standing.tier_id, (*gone, Why.EARNS_NONE))
    return Decision(Move.PLACE, Outcome.SAFE, best.id, (*gone, Why.MEETS))


def _rise(
    program: ProgramTerms, standing: Standing, current: TierTerms, best: TierTerms, results: Results, on: date
) -> Decision:
    if program.promotion == Promotion.AT_ONCE:
        return Decision(Move.PROMOTE, Outcome.SAFE, best.id, (Why.MEETS_HIGHER,))
    if standing.declined_until is not None and on < standing.declined_until:
        kept = _keep(current, results)
        return Decision(Move.KEEP, kept.outcome, current.id, (Why.DECLINED, *kept.reasons))
    return Decision(Move.PROPOSE, Outcome.PROPOSED, current.id, (Why.MEETS_HIGHER,), proposed_id=best.id)


def _keep(current: TierTerms, results: Results) -> Decision:
    if not results[current.id].holds:  # a higher one is met, so nothing is lost
        return Decision(Move.KEEP, Outcome.SAFE, current.id, (Why.MEETS_HIGHER,))
    if not results[current.id].will_hold:
        return Decision(Move.KEEP, Outcome.AT_RISK, current.id, (Why.WILL_LAPSE,))
    return Decision(Move.KEEP, Outcome.SAFE, current.id, (Why.MEETS,))


def _fall(program: ProgramTerms, standing: Standing, current: TierTerms, fallback: TierTerms, on: date) -> Decision:
    warned_on = standing.warned_on or on
    due = program.demotion_day(warned_on)
    if standing.warned_on is None:
        return Decision(Move.WARN, Outcome.WARNED, current.id, (Why.FALLS_SHORT,), warned_on=on, demotes_on=due)
    if on < due:
        known = (Why.FALLS_SHORT, Why.IN_GRACE)
        return Decision(Move.KEEP, Outcome.WARNED, current.id, known, warned_on=warned_on, demotes_on=due)
    return Decision(Move.DEMOTE, Outcome.SAFE, fallback.id, (Why.FALLS_SHORT, Why.GRACE_OVER))


def _entry(program: ProgramTerms) -> TierTerms | None:
    """Return the lowest tier, in which whoever is in the programme stands at least."""
    return next((tier for tier in program.ranked if not tier.is_by_invitation), None)
