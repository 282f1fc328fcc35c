"""Evaluating a partner under the programme in force: the tier it stands in follows, and the answer is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from partners.enums import PartnerStatus, TierReason
from partners.events import TierProposed, TierSecured, TierWarned
from partners.models import Evaluation, Outlook, Partner, Tier
from partners.queries import programs as queries
from partners.queries import records
from partners.queries import standings as standing_queries
from partners.queries.days import today_of_vendor
from partners.rules import requirements
from partners.rules import tiers as rules
from partners.rules.programs import ProgramTerms
from partners.rules.requirements import Result
from partners.rules.tiers import Decision, Move
from partners.services import programs, tiers
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.policies.models import PolicyVersion

MOVED_BY = {Move.PLACE: TierReason.EARNED, Move.PROMOTE: TierReason.EARNED, Move.DEMOTE: TierReason.DEMOTION}


@dataclass(frozen=True)
class Evaluated:
    """What an evaluation came to, for whoever asked for it."""

    partner: Partner
    decision: Decision
    before: Tier | None
    after: Tier | None

    @property
    def moved(self) -> bool:
        return self.decision.moves


@service
def evaluate(partner: Partner, *, at: datetime, by: Membership | None = None) -> Evaluated | None:
    """Evaluate a partner for the vendor's day and do what follows; nothing for one that is not active.

    Several at once place it once: each waits for the one before, and finds that nothing is left to do. The day never
    goes back, whatever the clock does.
    """
    partner = Partner.objects.locked(partner.pk)
    today = today_of_vendor(at)
    outlook = Outlook.objects.filter(partner=partner).first()
    if partner.status != PartnerStatus.ACTIVE:
        return None
    if outlook is not None:
        today = max(today, outlook.evaluated_on)  # what arrives late is evaluated for the day that was reached
    version, terms = queries.in_force(today)
    programs.mirror(version)
    membership = standing_queries.latest_of(partner)
    if membership is not None and membership.starts_on > today:
        return None  # somebody decided already where it will stand
    results = rules.evaluate(terms, records.record_of(partner), on=today)
    standing = standing_queries.standing_from(membership, outlook)
    decision = rules.decide(terms, standing, results, on=today)
    offered = {str(tier.pk): tier for tier in Tier.objects.filter(pk__in=_ids(standing.tier_id, decision))}
    before, after = offered.get(standing.tier_id or ""), offered.get(decision.tier_id or "")
    if decision.moves and after is not None:
        tiers.place(
            partner,
            after,
            starts_on=today,
            reason=MOVED_BY[decision.move],
            by=None,
            at=at,
            because=[str(why) for why in decision.reasons],
            version=version.number,
            replaces_today=True,
        )
    _tell(partner, decision, standing, outlook, before, offered, version, at)
    _keep(partner, outlook, decision, results, before, after, version, terms, today, at)
    return Evaluated(partner, decision, before, after)


def _ids(current: str | None, decision: Decision) -> list[UUID]:
    return [UUID(pk) for pk in (current, decision.tier_id, decision.proposed_id) if pk]


def _tell(
    partner: Partner,
    decision: Decision,
    standing: rules.Standing,
    outlook: Outlook | None,
    before: Tier | None,
    offered: Mapping[str, Tier],
    version: PolicyVersion,
    at: datetime,
) -> None:
    """Record what changed without a move: a warning, its end, a proposal."""
    if decision.move == Move.WARN and before is not None and decision.demotes_on is not None:
        fact = TierWarned(partner.pk, before.name, decision.demotes_on.isoformat(), version.number)
        record(fact, on=partner, by=None, at=at)
    if standing.warned_on and not decision.warned_on and not decision.moves and before is not None:
        record(TierSecured(partner.pk, before.name), on=partner, by=None, at=at)
    proposed = offered.get(decision.proposed_id or "")
    if proposed is not None and (outlook is None or outlook.proposed_id != proposed.pk):
        fact_ = TierProposed(partner.pk, proposed.pk, proposed.name, version.number)
        record(fact_, on=partner, by=None, at=at, is_internal=True)


def _keep(
    partner: Partner,
    outlook: Outlook | None,
    decision: Decision,
    results: Mapping[str, Result],
    before: Tier | None,
    after: Tier | None,
    version: PolicyVersion,
    terms: ProgramTerms,
    today: date,
    at: datetime,
) -> None:
    """Bring the outlook up to date, and keep the evaluation with its traces when it says something new."""
    traces = [
        {"tier": tier.id, "name": tier.name, "rank": tier.rank, "trace": requirements.trace_of(results[tier.id])}
        for tier in reversed(terms.ranked)
    ]
    digest = _digest(version.number, decision, results)
    if outlook is None:
        outlook = Outlook(partner=partner, partner_path=partner.partner_path)
    if outlook.digest != digest:
        Evaluation(
            partner=partner,
            partner_path=partner.partner_path,
            on=today,
            at=at,
            policy=version,
            before=before,
            tier=after,
            outcome=decision.outcome,
            move=decision.move.value,
            reasons=[why.value for why in decision.reasons],
            traces=traces,
        ).save(force_insert=True)
    outlook.outcome, outlook.evaluated_on, outlook.policy, outlook.digest = decision.outcome, today, version, digest
    outlook.warned_on, outlook.demotes_on = decision.warned_on, decision.demotes_on
    outlook.proposed_id = UUID(decision.proposed_id) if decision.proposed_id else None
    if outlook.declined_until and outlook.declined_until <= today:
        outlook.declined_until = None
    outlook.save()


def _digest(number: int, decision: Decision, results: Mapping[str, Result]) -> str:
    """Return a text that changes with what was decided, and with each figure, but not with the mere passing of days."""
    figures = [
        [need.node.id, need.state.value, str(need.value)] for tier in sorted(results) for need in results[tier].needs()
    ]
    said: list[Any] = [number, decision.tier_id, decision.outcome, decision.proposed_id, figures]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
