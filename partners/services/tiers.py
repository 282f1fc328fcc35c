"""The vendor's programme and its tiers, and which partner stands in which from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from partners.enums import TierReason
from partners.events import TierChanged
from partners.models import Partner, Program, Tier, TierMembership
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class PlacedSince(DomainError):
    """The partner already stands in a tier on that day, or from a later one."""


@service
def open_program(name: str, tiers: Iterable[str], *, starts_on: date) -> Program:
    """Start a programme with its tiers, the entry first."""
    program = Program(name=name, starts_on=starts_on)
    program.save(force_insert=True)
    Tier.objects.bulk_create([Tier(program=program, name=tier, rank=rank) for rank, tier in enumerate(tiers, 1)])
    return program


@service
def place(
    partner: Partner, tier: Tier, *, starts_on: date, reason: TierReason, by: Membership | None, at: datetime
) -> TierMembership:
    """Put a partner into a tier from a day on; the one it stood in ends the day before.

    Raises `PlacedSince` unless the day is later than everything already decided: tiers never overlap.
    """
    partner = Partner.objects.locked(partner.pk)
    latest = TierMembership.objects.filter(partner=partner).order_by("-starts_on").first()
    if latest is not None:
        if starts_on <= (latest.ends_on or latest.starts_on):
            raise PlacedSince(tier=latest.tier, day=latest.ends_on or latest.starts_on)
        if latest.ends_on is None:
            latest.ends_on = starts_on - timedelta(days=1)
            latest.save(update_fields=["ends_on"])
    membership = TierMembership(
        partner=partner,
        partner_path=partner.partner_path,
        tier=tier,
        starts_on=starts_on,
        reason=reason,
        decided_by_id=by.user_id if by else None,
    )
    membership.save(force_insert=True)
    fact = TierChanged(
        partner_id=partner.pk,
        tier_id=tier.pk,
        reason=TierReason(reason).value,
        tier=tier.name,
        starts_on=starts_on.isoformat(),
    )
    record(fact, on=partner, by=by, at=at)
    return membership
