"""Which partner stands in which tier from when to when, and what people decide about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from partners.enums import Outcome, TierReason
from partners.events import ProposalDeclined, TierChanged
from partners.models import Outlook, Partner, Tier, TierMembership
from partners.queries import programs, tier_appeals
from partners.queries.days import today_of_vendor
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class PlacedSince(DomainError):
    """The partner already stands in a tier on that day, or from a later one."""


class TierNotGivenBack(DomainError):
    """The partner stands elsewhere by now, or the tier it fell from is offered no more."""


class NothingProposed(DomainError):
    """No promotion is proposed any more: somebody decided it, or the partner no longer meets the requirements."""


@service
def place(
    partner: Partner,
    tier: Tier,
    *,
    starts_on: date,
    reason: TierReason,
    by: Membership | None,
    at: datetime,
    note: str = "",
    held_until: date | None = None,
    because: Iterable[str] = (),
    version: int = 0,
    replaces_today: bool = False,
) -> TierMembership:
    """Put a partner into a tier from a day on; the one it stood in ends the day before.

    An exception is left alone by evaluations until `held_until`. Raises `PlacedSince` unless the day is later than
    everything already decided: tiers never overlap. Only an evaluation may, with `replaces_today`, go on from what
    began on the very same day, because a deal that is won at noon promotes at noon.
    """
    partner = Partner.objects.locked(partner.pk)
    latest = TierMembership.objects.filter(partner=partner).select_related("tier").order_by("-starts_on").first()
    was = latest.tier.name if latest is not None else ""
    membership = TierMembership(partner=partner, partner_path=partner.partner_path, starts_on=starts_on)
    if latest is not None:
        if replaces_today and latest.starts_on == starts_on and latest.ends_on is None:
            membership = latest
        elif starts_on <= (latest.ends_on or latest.starts_on):
            raise PlacedSince(tier=latest.tier, day=latest.ends_on or latest.starts_on)
        elif latest.ends_on is None:
            latest.ends_on = starts_on - timedelta(days=1)
            latest.save(update_fields=["ends_on"])
    membership.tier, membership.reason, membership.note, membership.held_until = tier, reason, note, held_until
    membership.decided_by_id = by.user_id if by else None
    membership.save()
    fact = TierChanged(
        partner_id=partner.pk,
        tier_id=tier.pk,
        reason=TierReason(reason).value,
        tier=tier.name,
        starts_on=starts_on.isoformat(),
        was=was,
        note=note,
        held_until=held_until.isoformat() if held_until else "",
        reasons=tuple(because),
        version=version,
    )
    record(fact, on=partner, by=by, at=at)
    return membership


@service
def give_back(membership: TierMembership, *, by: Membership, at: datetime, note: str) -> TierMembership:
    """Put a partner back after an appeal into the tier that it fell from; evaluations leave it there until the review.

    Raises `TierNotGivenBack`, and `PlacedSince` where it was placed from a later day on.
    """
    partner = Partner.objects.locked(membership.partner_id)
    membership = TierMembership.objects.select_related("tier").get(pk=membership.pk)
    previous = tier_appeals.before(membership)
    if previous is None or not previous.tier.is_offered or tier_appeals.decision_of(membership) is None:
        raise TierNotGivenBack(partner=partner)
    today = today_of_vendor(at)
    _version, terms = programs.in_force(today)
    return place(
        partner,
        previous.tier,
        starts_on=today,
        reason=TierReason.EXCEPTION,
        by=by,
        at=at,
        note=note,
        held_until=terms.review_from_on(today + timedelta(days=1)),
        replaces_today=True,
    )


@service
def accept(partner: Partner, *, by: Membership, at: datetime) -> TierMembership:
    """Promote a partner as its evaluation proposes; raises `NothingProposed`."""
    outlook = _proposal(partner)
    today = today_of_vendor(at)
    tier = outlook.proposed
    outlook.outcome, outlook.proposed_id, outlook.warned_on, outlook.demotes_on = Outcome.SAFE, None, None, None
    outlook.save()
    return place(
        partner,
        tier,
        starts_on=today,
        reason=TierReason.EARNED,
        by=by,
        at=at,
        because=("meets_higher",),
        version=outlook.policy.number,
        replaces_today=True,
    )


@service
def decline(partner: Partner, *, note: str, by: Membership, at: datetime) -> Outlook:
    """Leave a partner in its tier; it is not proposed again before the next review. Raises `NothingProposed`."""
    outlook = _proposal(partner)
    today = today_of_vendor(at)
    _version, terms = programs.in_force(today)
    tier = outlook.proposed
    outlook.declined_until = terms.review_from_on(today + timedelta(days=1))
    outlook.outcome, outlook.proposed_id = Outcome.SAFE, None
    outlook.save()
    fact = ProposalDeclined(partner.pk, tier.name, outlook.declined_until.isoformat(), note)
    record(fact, on=partner, by=by, at=at, is_internal=True)
    return outlook


def _proposal(partner: Partner) -> Outlook:
    Partner.objects.locked(partner.pk)  # an evaluation of it waits here
    outlook = Outlook.objects.filter(partner=partner).select_related("proposed", "policy").first()
    if outlook is None or outlook.proposed is None:
        raise NothingProposed(partner=partner)
    return outlook
